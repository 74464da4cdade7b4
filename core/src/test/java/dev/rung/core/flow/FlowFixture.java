package dev.rung.core.flow;

import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sender;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An engine on in-memory stores; the test controls time, queue and merchants' answers. Everything runs on the test's
 * thread.
 */
final class FlowFixture {
    static final MerchantId ACTIVE = new MerchantId(5_000);
    static final MerchantId PAUSED = new MerchantId(5_001);
    private static final long BEGIN = 1_000_000;

    final ManualWakeQueue queue = new ManualWakeQueue();
    final List<Sender.Request> sent = new ArrayList<>();
    final List<FlowEvent> events = new ArrayList<>();
    /** How merchants answer, without delay. */
    Outcome outcome = Outcome.ACKNOWLEDGED;

    private long now = BEGIN;
    private long timers;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
    final MemoryNotificationStore store = new MemoryNotificationStore(clock);
    final Engine engine;

    private record Later(long at, long order, Runnable task) {}

    FlowFixture() {
        this(EngineLimits.DEFAULT);
    }

    FlowFixture(EngineLimits limits) {
        MemoryMerchantStore merchants = new MemoryMerchantStore();
        merchants.insert(merchant(ACTIVE, false));
        merchants.insert(merchant(PAUSED, true));
        engine = new Engine(
                store,
                merchants,
                queue,
                new EngineRuntime(
                        (delay, task) -> {
                            later.add(new Later(now + delay.toMillis(), timers++, task));
                            return () -> {};
                        },
                        clock,
                        Runnable::run),
                new Ids(clock, new Random(1), 0),
                limits,
                events::add);
    }

    void start() {
        engine.start(new Merchants());
    }

    private final class Merchants implements Sender {
        @Override
        public CompletionStage<Result> send(Request request) {
            sent.add(request);
            return CompletableFuture.completedStage(new Result(outcome, null, null, null));
        }

        @Override
        public void close() {}
    }

    /** How often a number was raised because a wake seemed lost. */
    long rearms() {
        return events.stream()
                .mapToLong(
                        event -> event instanceof FlowEvent.Rearmed(int count, FlowEvent.Rearmed.Cause _) ? count : 0)
                .sum();
    }

    /** The number under which the last attempt was made. */
    int attemptedNumber() {
        return events.stream()
                .filter(FlowEvent.Attempted.class::isInstance)
                .map(FlowEvent.Attempted.class::cast)
                .toList()
                .getLast()
                .delivery()
                .wake();
    }

    Delivery delivery(Wake wake) {
        return java.util.Objects.requireNonNull(
                store.findDeliveries(List.of(wake.id())).getFirst());
    }

    long now() {
        return now;
    }

    /** Advances the clock and runs everything that becomes due. */
    void pass(Duration time) {
        long end = now + time.toMillis();
        for (Later next = later.peek(); next != null && next.at <= end; next = later.peek()) {
            later.remove();
            now = Math.max(now, next.at);
            next.task.run();
        }
        now = end;
    }

    void accept(MerchantId merchant, @Nullable Long deliverAt, boolean ordered) {
        engine.accept(new NotificationRequest(
                merchant,
                "https://shop.example/",
                "A1",
                null,
                new byte[] {'{', '}'},
                Ladder.of("3s"),
                null,
                now,
                deliverAt,
                ordered,
                null));
    }

    private static Merchant merchant(MerchantId id, boolean paused) {
        return new Merchant(
                id,
                "shop",
                null,
                new LadderChoice.Named(Ladder.DEFAULT_NAME),
                Acknowledgement.STATUS_2XX,
                new Merchant.Keys(Signing.HMAC, new byte[0], null, null, null),
                Merchant.MAX_IN_FLIGHT_DEFAULT,
                paused,
                0,
                0);
    }
}
