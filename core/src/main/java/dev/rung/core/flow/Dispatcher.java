package dev.rung.core.flow;

import dev.rung.core.flow.Bulkheads.BulkheadActions;
import dev.rung.core.flow.Bulkheads.Pull;
import dev.rung.core.flow.FlowEvent.Rearmed.Cause;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueue.Receipt;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a notification when a wake says so, and decides: drop, park, wait, or attempt. Thread-safe.
 *
 * <p>The walk: {@link #due} → a batched look at the record → {@link #decide} → {@link Bulkheads} → {@link AttemptRunner} (send, settle,
 * schedule the next wake) → the wake is acknowledged. A {@link InFlightDelivery} stands for the notification from the decision to the end.
 */
final class Dispatcher {
    private static final int LOOK_BATCH = 256;
    private static final int RELEASED_MAX = 32;
    /** Notifications in this process's hands for each slot; with more, something is slow, and fresh ones are the queue's to keep. */
    private static final int IN_HAND_PER_SLOT = 8;

    private static final Duration RETRY = Duration.ofMillis(500);
    /** What is due sooner may be under way before its number is raised. */
    private static final long REARM_AHEAD_MILLIS = 1_000;

    private final NotificationStore store;
    private final WakeQueue queue;
    private final Timer timer;
    private final InstantSource clock;
    private final Executor executor;
    private final MerchantDirectory merchants;
    private final Bulkheads bulkheads;
    private final WakeScheduler wakes;
    private final StoreGate gate;
    private final FlowListener listener;
    private final AttemptRunner attempts;

    private final Batcher<LookUp, @Nullable Delivery> looks;
    private final DeliveryParking parking;
    private final int inHandMax;
    private final AtomicInteger freshLooks = new AtomicInteger();
    private final ConcurrentHashMap<Long, InFlightDelivery> inFlights = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> landed = new CompletableFuture<>();
    private volatile boolean draining;

    /**
     * A record to be looked at.
     *
     * @param fresh the record itself, where it was stored here a moment ago; null: it must be read
     */
    private record LookUp(WakeMessage message, @Nullable Delivery fresh) {}

    Dispatcher(
            Engine.Ports ports,
            EngineLimits limits,
            MerchantDirectory merchants,
            Bulkheads bulkheads,
            WakeScheduler wakes,
            StoreGate gate,
            FlowListener listener) {
        this.store = ports.store();
        this.queue = ports.queue();
        this.timer = ports.timer();
        this.clock = ports.clock();
        this.executor = ports.executor();
        this.merchants = merchants;
        this.bulkheads = bulkheads;
        this.wakes = wakes;
        this.gate = gate;
        this.listener = listener;
        this.inHandMax = IN_HAND_PER_SLOT * limits.maxInFlight();
        this.attempts = new AttemptRunner(ports, limits, wakes, gate, listener, this);
        Consumer<RuntimeException> defects = e -> listener.on(new FlowEvent.Defect(e));
        this.looks = new Batcher<>(LOOK_BATCH, limits.storeLanes(), executor, this::readDeliveries, defects);
        this.parking = new DeliveryParking(ports, gate, listener, this);
    }

    /**
     * A notification was stored here a moment ago. Its record is known and nobody else has a wake of it: where a slot is free it is attempted at
     * once, and its wake need not travel. Should this process die first, the sweeper finds it, like any lost wake.
     */
    void stored(NewNotification notification) {
        Wake wake = notification.firstWake();
        if (notification.wakeLocation() != WakeLocation.QUEUED) {
            return; // It is brought near when its time comes.
        }
        if (notification.ordered() || notification.dueAt() > clock.millis()) {
            wakes.schedule(wake, () -> {}); // What came before it, or what time it is, must be looked up.
        } else if (inFlights.size() + freshLooks.get() >= inHandMax) {
            wakes.schedule(wake, () -> {});
        } else {
            freshLooks.incrementAndGet();
            submit(new LookUp(withoutMessage(wake), notification.asOwed()));
        }
    }

    /** Wakes are due. */
    void due(List<WakeMessage> messages) {
        List<WakeMessage> redelivered = new ArrayList<>(0);
        for (WakeMessage message : messages) {
            if (message.redelivered() && queue.isShared()) {
                redelivered.add(message);
            } else {
                lookUp(message);
            }
        }
        if (!redelivered.isEmpty()) {
            // They were delivered before: another server may be in the middle of their attempts.
            timer.after(
                    EngineLimits.ATTEMPT_MUST_HAVE_ENDED, () -> executor.execute(() -> claimRedelivered(redelivered)));
        }
    }

    /**
     * Raises the numbers of redelivered wakes before their attempts begin. Another server's sweeper, which has waited as long, then finds them moved;
     * where it was first, they are stale here.
     */
    private void claimRedelivered(List<WakeMessage> messages) {
        Map<NotificationId, Wake> claims = new LinkedHashMap<>();
        for (WakeMessage message : messages) {
            if (message.receipt().isOpen() && !isFlying(message.wake().id())) {
                claims.merge(message.wake().id(), message.wake(), (a, b) -> a.number() >= b.number() ? a : b);
            }
        }
        Map<NotificationId, Wake> claimed = new HashMap<>();
        try {
            for (Wake raised : claims.isEmpty() ? List.<Wake>of() : store.rearm(List.copyOf(claims.values()), true)) {
                claimed.put(raised.id(), raised);
            }
        } catch (RuntimeException e) {
            if (gate.failed(e)) {
                timer.after(RETRY, () -> executor.execute(() -> claimRedelivered(messages)));
            } else {
                messages.forEach(message -> message.receipt().acknowledge());
            }
            return;
        }
        for (WakeMessage message : messages) {
            Wake asked = claims.get(message.wake().id());
            Wake raised = message.wake().equals(asked) ? claimed.remove(asked.id()) : null;
            lookUp(raised == null ? message : new WakeMessage(raised, true, message.receipt()));
        }
    }

    /** Attempts, waits and settlements that this process has in hand; the sweeper leaves them alone. */
    boolean isFlying(NotificationId id) {
        return inFlights.containsKey(id.value());
    }

    /** A person moved the notification: what only waits for its slot here must not begin. */
    void moved(NotificationId id) {
        inFlights.computeIfPresent(id.value(), (key, inFlight) -> {
            inFlight.obsolete = true;
            return inFlight;
        });
    }

    /** Its record is read, and its fate decided. */
    void lookUp(WakeMessage message) {
        if (draining) {
            message.receipt().handBack();
            return;
        }
        submit(new LookUp(message, null));
    }

    private void submit(LookUp look) {
        WakeMessage message = look.message();
        looks.submit(look, new Batcher.Done<>() {
            @Override
            public void succeeded(@Nullable Delivery delivery) {
                if (look.fresh() == null) {
                    gate.succeeded();
                    decide(message, delivery, InFlightDelivery.From.QUEUE);
                } else {
                    freshLooks.decrementAndGet();
                    decide(message, delivery, InFlightDelivery.From.INTAKE);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                if (look.fresh() != null) {
                    freshLooks.decrementAndGet();
                }
                lookUpLater(message, cause);
            }
        });
    }

    /**
     * Nothing can be decided while the record cannot be read; the queue's prefetch bounds how many try again. Where a bug is in the way none does,
     * for it would hold its place in the prefetch for ever: the wake is dropped, and the sweeper comes by again.
     */
    private void lookUpLater(WakeMessage message, RuntimeException cause) {
        if (gate.failed(cause)) {
            timer.after(RETRY, () -> lookUp(message));
        } else {
            message.receipt().acknowledge();
        }
    }

    private List<@Nullable Delivery> readDeliveries(List<LookUp> batch) {
        Map<NotificationId, @Nullable Delivery> byId = new LinkedHashMap<>();
        for (LookUp look : batch) {
            if (look.fresh() == null) {
                byId.put(look.message().wake().id(), null);
            }
        }
        List<NotificationId> ids = List.copyOf(byId.keySet());
        List<@Nullable Delivery> records = ids.isEmpty() ? List.of() : store.findDeliveries(ids);
        for (int i = 0; i < ids.size(); i++) {
            byId.put(ids.get(i), records.get(i));
        }
        return batch.stream()
                .<@Nullable Delivery>map(look -> look.fresh() != null
                        ? look.fresh()
                        : byId.get(look.message().wake().id()))
                .toList();
    }

    /** The one place where a due notification's fate is decided. */
    private void decide(WakeMessage message, @Nullable Delivery delivery, InFlightDelivery.From from) {
        Wake wake = message.wake();
        if (draining) {
            message.receipt().handBack();
            return;
        }
        if (!message.receipt().isOpen()) {
            return; // Its connection is gone: another has the wake by now, and thinks that nobody else does.
        }
        if (delivery == null || !delivery.isCurrent(wake)) {
            drop(message, delivery);
            return;
        }
        Merchant merchant;
        try {
            merchant = merchantOf(delivery);
        } catch (RuntimeException e) {
            lookUpLater(message, e);
            return;
        }
        InFlightDelivery inFlight = new InFlightDelivery(message, delivery, merchant, from);
        if (!register(inFlight)) {
            return;
        }
        if (delivery.ordered() && delivery.predecessor()) {
            parking.park(inFlight, WakeLocation.HELD_BY_ORDER);
            return;
        }
        switch (bulkheads.enter(inFlight)) {
            case BEGIN -> begin(inFlight);
            case WAIT -> {} // A freed slot begins it.
            case PARK -> {
                if (from == InFlightDelivery.From.INTAKE) {
                    handBack(inFlight); // A backlog is the queue's to keep, and any server's to work off.
                } else {
                    parking.park(inFlight, WakeLocation.HELD_BY_MERCHANT);
                }
            }
        }
    }

    private Merchant merchantOf(Delivery delivery) {
        Merchant merchant = merchants.find(delivery.merchantId());
        if (merchant == null) {
            throw new IllegalStateException("notification " + delivery.id() + " belongs to merchant "
                    + delivery.merchantId() + ", who is not in the store");
        }
        return merchant;
    }

    /**
     * A stale wake. If it was redelivered, whoever settled may have died before the next wake was published: send that one. What is due
     * already may be under way on another server with that very wake; whether it is, the sweeper finds out.
     */
    private void drop(WakeMessage message, @Nullable Delivery delivery) {
        listener.on(new FlowEvent.StaleWake(message.wake().id()));
        Long due = delivery == null ? null : delivery.nextAttemptAt();
        if (message.redelivered()
                && delivery != null
                && due != null
                && due > clock.millis() + REARM_AHEAD_MILLIS
                && delivery.wakeLocation() == WakeLocation.QUEUED
                && !isFlying(delivery.id())) {
            executor.execute(() -> {
                try {
                    wakes.rearm(List.of(new Wake(delivery.id(), delivery.wake(), due)), Cause.REDELIVERED, clock.millis());
                } catch (RuntimeException e) {
                    lookUpLater(message, e);
                    return;
                }
                message.receipt().acknowledge();
            });
        } else {
            message.receipt().acknowledge();
        }
    }

    /** False if the notification is in hand already: then the newest valid wake is kept and looked at when that ends. */
    private boolean register(InFlightDelivery inFlight) {
        WakeMessage message = inFlight.message;
        @Nullable Receipt[] superfluous = new @Nullable Receipt[1];
        InFlightDelivery now = inFlights.compute(inFlight.delivery.id().value(), (id, flying) -> {
            if (flying == null) {
                return inFlight;
            }
            WakeMessage later = flying.later;
            if (later == null || later.wake().number() <= message.wake().number()) {
                flying.later = message;
                superfluous[0] = later == null ? null : later.receipt();
            } else {
                superfluous[0] = message.receipt();
            }
            return flying;
        });
        if (superfluous[0] != null) {
            superfluous[0].acknowledge();
        }
        return now == inFlight;
    }

    /** A flight has its slot. */
    private void begin(InFlightDelivery inFlight) {
        if (draining) {
            followUp(bulkheads.leaveUnused(inFlight));
            handBack(inFlight);
        } else if (inFlight.obsolete
                || inFlight.later != null
                || !inFlight.message.receipt().isOpen()) { // its connection broke while it waited for its slot
            followUp(bulkheads.leaveUnused(inFlight));
            finish(inFlight);
        } else {
            attempts.begin(inFlight);
        }
    }

    Bulkheads bulkheads() {
        return bulkheads;
    }

    /** A flight is over, and its wake is done with. */
    void finish(InFlightDelivery inFlight) {
        inFlight.message.receipt().acknowledge();
        complete(inFlight);
    }

    /** A flight is over; what becomes of its wake is the caller's business. */
    void complete(InFlightDelivery inFlight) {
        inFlights.remove(inFlight.delivery.id().value());
        WakeMessage later = inFlight.later;
        if (later != null) {
            lookUp(later);
        }
        if (draining) {
            bulkheads.clear().forEach(this::handBack);
            if (inFlights.isEmpty()) {
                landed.complete(null);
            }
        }
    }

    /** Does what the bulkheads make possible. */
    void followUp(BulkheadActions actions) {
        for (InFlightDelivery inFlight : actions.begin()) {
            begin(inFlight);
        }
        for (InFlightDelivery inFlight : actions.park()) {
            parking.park(inFlight, WakeLocation.HELD_BY_MERCHANT);
        }
        for (Pull pull : actions.pull()) {
            executor.execute(() -> pull(pull));
        }
    }

    private void pull(Pull pull) {
        List<Delivery> back;
        try {
            back = draining ? List.of() : store.pullHeldByMerchant(pull.merchant(), pull.limit());
        } catch (StoreException e) {
            // Still parked: the slow scan comes by again.
            followUp(bulkheads.pulled(pull, 0));
            return;
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            followUp(bulkheads.pulled(pull, 0));
            return;
        }
        back.forEach(this::decidePulled);
        followUp(bulkheads.pulled(pull, back.size()));
    }

    /** A predecessor ended: takes back what it held back. */
    void release(MerchantId merchant, @Nullable String orderNo) {
        executor.execute(() -> {
            try {
                pullReleased(merchant, orderNo, RELEASED_MAX);
            } catch (StoreException e) {
                // Still parked: the slow scan comes by again.
                return;
            }
        });
    }

    /**
     * Takes back what no predecessor holds back any more, of one order, or (both null) of any.
     *
     * @throws StoreException if the store could not; nothing is taken back
     */
    void pullReleased(@Nullable MerchantId merchant, @Nullable String orderNo, int limit) {
        if (!draining) {
            store.pullReleased(merchant, orderNo, limit).forEach(this::decidePulled);
        }
    }

    private void decidePulled(Delivery delivery) {
        Wake wake = new Wake(delivery.id(), delivery.wake(), Objects.requireNonNull(delivery.nextAttemptAt()));
        decide(withoutMessage(wake), delivery, InFlightDelivery.From.STORE);
    }

    /** A wake that no message stands behind: handing it back means to schedule it. */
    private WakeMessage withoutMessage(Wake wake) {
        return new WakeMessage(wake, false, new Receipt() {
            @Override
            public void acknowledge() {}

            @Override
            public void handBack() {
                wakes.schedule(wake, () -> {});
            }

            @Override
            public boolean isOpen() {
                return true;
            }
        });
    }

    /** No new attempts. Completes when those under way are settled. */
    CompletableFuture<@Nullable Void> drain() {
        draining = true;
        bulkheads.clear().forEach(this::handBack);
        if (inFlights.isEmpty()) {
            landed.complete(null);
        }
        return landed;
    }

    private void handBack(InFlightDelivery inFlight) {
        inFlight.message.receipt().handBack();
        complete(inFlight);
    }
}
