package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.Overloaded;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The users of the servers: producers that submit and retry, and operators who resend, cancel, pause and resume. */
final class Producer {
    private static final List<@Nullable String> LADDERS =
            java.util.Arrays.asList("steps", "steps", "doubling", "wechat", null);

    private final Simulation world;
    private final VirtualTimeLoop loop;
    private final List<MerchantId> merchants = new ArrayList<>();
    private final Map<String, NotificationId> firstOfKey = new HashMap<>();
    private int drafts;

    Producer(Simulation world) {
        this.world = world;
        this.loop = world.loop;
    }

    void begin() {
        MerchantBehavior[] tempers = MerchantBehavior.values();
        for (int i = 0; i < world.scenario.merchants(); i++) {
            MerchantId id = new MerchantId(10_000 + i);
            merchants.add(id);
            world.sender.behavior(id, i == 0 ? MerchantBehavior.PROMPT : tempers[loop.upTo(tempers.length)]);
            world.checker.merchantIs(world.merchants.insert(merchant(id, 1 + loop.upTo(8), endpoints(id))));
        }
        for (int left = world.scenario.notifications(); left > 0; ) {
            int burst = Math.min(left, loop.chance(0.06) ? 10 + loop.upTo(60) : 1 + loop.upTo(2));
            planBurst(Simulation.BEGIN + loop.upTo(Simulation.DAY), burst);
            left -= burst;
        }
        for (int i = 0; i < world.scenario.notifications() / 6; i++) {
            loop.at(Simulation.BEGIN + loop.upTo(Simulation.DAY), this::meddle);
        }
    }

    private static Merchant merchant(MerchantId id, int maxInFlight, List<Endpoint> endpoints) {
        return new Merchant(id, "merchant " + id.value(), receiver(maxInFlight), Simulation.BEGIN, 0)
                .withEndpoints(endpoints);
    }

    private static Receiver receiver(int maxInFlight) {
        return Receiver.of("https://shop.example/notify", Receiver.Keys.of(Signing.HMAC, new byte[0], null))
                .withMaxInFlight(maxInFlight);
    }

    /** Every fifth merchant has one or two more receivers, which hear of every event. */
    private List<Endpoint> endpoints(MerchantId merchant) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = loop.chance(0.2) ? 1 + loop.upTo(2) : 0; i > 0; i--) {
            endpoints.add(new Endpoint(
                    new EndpointId(merchant.value() * 10 + i),
                    "endpoint " + i,
                    List.of(Endpoint.ALL_EVENTS),
                    receiver(1 + loop.upTo(8)),
                    Simulation.BEGIN));
        }
        return endpoints;
    }

    private void planBurst(long at, int size) {
        MerchantId merchant = any(merchants);
        for (int i = 0; i < size; i++) {
            loop.at(at + loop.upTo(size > 2 ? 800 : 1), () -> send(request(size > 2 ? merchant : any(merchants)), 0));
        }
    }

    private <T> T any(List<T> list) {
        return list.get(loop.upTo(list.size()));
    }

    private NotificationRequest request(MerchantId merchant) {
        int n = drafts++;
        String ladder = any(LADDERS);
        boolean ordered = loop.chance(0.25);
        boolean keyed = loop.chance(0.5);
        int key = loop.chance(0.1) ? loop.upTo(n + 1) : n;
        return new NotificationRequest(
                merchant,
                "https://shop.example/notify",
                ordered || loop.chance(0.3) ? "T" + loop.upTo(6) : null,
                "payment.succeeded",
                new byte[loop.chance(0.1) ? Delivery.PAYLOAD_INLINE_MAX + 1 : 20],
                ladder == null
                        ? Ladder.of("1s", "2s", "2500ms")
                        : Objects.requireNonNull(Ladder.presets().get(ladder)),
                ladder,
                true,
                loop.now(),
                loop.chance(0.1) ? loop.now() + loop.upTo(4 * 3_600_000) - 60_000 : null,
                ordered,
                keyed ? new NewNotification.Idempotency("k" + key, new byte[] {(byte) loop.upTo(8)}) : null);
    }

    private void send(NotificationRequest request, int tries) {
        SimServer server = any(world.servers);
        Engine engine = server.engine();
        if (engine == null) {
            again(request, tries);
            return;
        }
        ServerRun run = server.run();
        run.task(() -> {
                    try {
                        engine.accept(request).whenComplete((acceptance, failure) -> {
                            if (failure != null) {
                                again(request, tries);
                            } else {
                                answered(request, acceptance);
                            }
                        });
                    } catch (Overloaded e) {
                        again(request, tries);
                    }
                })
                .run();
    }

    private void again(NotificationRequest request, int tries) {
        if (tries < 5) {
            loop.after(500 + loop.upTo(5_000), () -> send(request, tries + 1));
        }
    }

    private void answered(NotificationRequest request, Acceptance acceptance) {
        String key = request.idempotency() == null
                ? null
                : request.merchantId() + request.idempotency().key();
        switch (acceptance) {
            case Acceptance.Stored stored -> {
                NotificationId id = stored.id();
                world.checker.answered(id);
                stored.notification().also().forEach(also -> world.checker.answered(also.id()));
                NotificationId before = key == null ? null : firstOfKey.put(key, id);
                if (before != null && !before.equals(id)) {
                    world.checker.violated(key + " was stored as " + before + " and as " + id);
                }
            }
            case Acceptance.Repeated(NotificationId first) -> sameAsBefore(key, first);
            case Acceptance.Conflicting(NotificationId first) -> sameAsBefore(key, first);
        }
    }

    private void sameAsBefore(@Nullable String key, NotificationId first) {
        world.checker.count("keys used again");
        // The answer to the first submission may have been lost; from now on it counts as given.
        NotificationId known = firstOfKey.putIfAbsent(Objects.requireNonNull(key), first);
        world.checker.answered(first);
        if (known != null && !known.equals(first)) {
            world.checker.violated(key + " was " + known + " and now is " + first);
        }
    }

    /** A random operator action. */
    private void meddle() {
        switch (loop.upTo(6)) {
            case 0, 1 -> onEngine((run, engine) -> engine.resend(some(), null, false));
            case 2 -> onEngine((run, engine) -> some().forEach(engine::cancel));
            case 3 -> {
                MerchantId merchant = any(merchants);
                change(merchant, m -> with(m, m.receiver().maxInFlight(), true));
                loop.after(
                        1 + loop.upTo(3_600_000),
                        () -> change(merchant, m -> with(m, m.receiver().maxInFlight(), false)));
            }
            case 4 ->
                change(
                        any(merchants),
                        m -> with(m, 1 + loop.upTo(12), m.receiver().paused()));
            default -> purge();
        }
    }

    /** Mostly a recent notification, because races are most likely there. */
    private List<NotificationDetail> some() {
        List<NotificationId> known = world.checker.answered();
        List<NotificationId> some = new ArrayList<>();
        for (int i = loop.chance(0.2) ? 5 : 1; i > 0 && !known.isEmpty(); i--) {
            int back = loop.chance(0.7) ? loop.upTo(Math.min(12, known.size())) : loop.upTo(known.size());
            NotificationId id = known.get(known.size() - 1 - back);
            if (!some.contains(id)) {
                some.add(id);
            }
        }
        return some.stream().flatMap(id -> world.catalog.find(id).stream()).toList();
    }

    private void onEngine(BiConsumer<ServerRun, Engine> call) {
        SimServer server = any(world.servers);
        Engine engine = server.engine();
        if (engine == null) {
            return;
        }
        ServerRun run = server.run();
        run.task(() -> {
                    try {
                        call.accept(run, engine);
                    } catch (StoreException e) {
                        world.checker.count("people told to try later");
                    }
                })
                .run();
    }

    private void change(MerchantId id, UnaryOperator<Merchant> change) {
        Merchant changed = world.merchants.update(id, change).orElseThrow();
        world.checker.merchantIs(changed);
        onEngine((run, engine) -> engine.merchantChanged(id));
    }

    private static Merchant with(Merchant m, int maxInFlight, boolean paused) {
        return m.withReceiver(m.receiver().withMaxInFlight(maxInFlight).withPaused(paused))
                .withEndpoints(m.endpoints().stream()
                        .map(e -> e.withReceiver(
                                e.receiver().withMaxInFlight(maxInFlight).withPaused(paused)))
                        .toList());
    }

    private void purge() {
        try {
            world.store.purge(loop.now() - Duration.ofHours(6).toMillis(), 20);
        } catch (StoreException e) {
            world.checker.count("people told to try later");
        }
    }

    /** Resumes all paused merchants. */
    void resumeAll() {
        for (MerchantId id : merchants) {
            change(id, m -> with(m, m.receiver().maxInFlight(), false));
        }
    }
}
