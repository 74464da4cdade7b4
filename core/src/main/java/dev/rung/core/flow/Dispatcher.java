package dev.rung.core.flow;

import dev.rung.core.flow.Bulkheads.BulkheadActions;
import dev.rung.core.flow.Bulkheads.Unpark;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueue.Receipt;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Handles due wakes: reads the delivery's record and decides to drop the wake, or to park, queue or attempt the delivery. Thread-safe.
 *
 * <p>The steps: {@link #due} → read the record, batched → {@link #decide} → {@link Bulkheads} → {@link AttemptRunner} (send, settle, schedule
 * the next wake) → acknowledge the wake. An {@link InFlightDelivery} represents the delivery from the decision to the end.
 */
final class Dispatcher {
    private static final int LOOK_UP_BATCH = 256;
    private static final int RELEASED_MAX = 32;
    /** Limit of deliveries in flight per slot. Above it the process is overloaded, and new deliveries are left to the queue. */
    private static final int IN_FLIGHT_PER_SLOT = 8;

    private static final Duration RETRY = Duration.ofMillis(500);

    /** Alerts have settings of their own: see the sender. */
    private static final Receiver ALERTS =
            Receiver.of(DeliveryKind.ALERTS, Receiver.Keys.of(Signing.HMAC, new byte[0], null));

    private final NotificationStore store;
    private final EngineRuntime runtime;
    private final WakeQueue queue;
    private final MerchantCache merchants;
    private final Bulkheads bulkheads;
    private final ClusterLimits clusterLimits;
    private final InFlightDeliveries inFlights;
    private final RedeliveredWakes redelivered;
    private final WakeScheduler wakes;
    private final StoreGate gate;
    private final FlowListener listener;
    private final DeliveryParking parking;
    private final AttemptRunner attempts;

    private final Batcher<LookUp, @Nullable Delivery> lookUps;
    private final int inFlightMax;
    private final AtomicInteger freshLookUps = new AtomicInteger();
    private final Progress progress = new Progress();
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /**
     * A delivery to decide about.
     *
     * @param fresh its record, if this process has just stored it; null: it must be read
     */
    private record LookUp(WakeMessage message, @Nullable Delivery fresh) {}

    Dispatcher(
            NotificationStore store,
            WakeQueue queue,
            EngineRuntime runtime,
            EngineLimits limits,
            MerchantCache merchants,
            Bulkheads bulkheads,
            ClusterLimits clusterLimits,
            InFlightDeliveries inFlights,
            RedeliveredWakes redelivered,
            WakeScheduler wakes,
            StoreGate gate,
            DeliveryParking parking,
            AttemptRunner attempts,
            FlowListener listener) {
        this.store = store;
        this.queue = queue;
        this.runtime = runtime;
        this.merchants = merchants;
        this.bulkheads = bulkheads;
        this.clusterLimits = clusterLimits;
        this.inFlights = inFlights;
        this.redelivered = redelivered;
        this.wakes = wakes;
        this.gate = gate;
        this.parking = parking;
        this.attempts = attempts;
        this.listener = listener;
        this.inFlightMax = IN_FLIGHT_PER_SLOT * limits.maxInFlight();
        this.lookUps = new Batcher<>(
                LOOK_UP_BATCH,
                limits.storeLanes(),
                runtime.executor(),
                this::readDeliveries,
                e -> listener.on(new FlowEvent.Defect(e)));
    }

    /**
     * This process has just stored a notification. Its record is known, and it has no wake yet: if a slot is free, it is attempted at once
     * without a wake. If this process dies first, the sweeper finds it like any lost wake.
     */
    void stored(NewNotification notification) {
        Wake wake = notification.firstWake();
        if (notification.wakeLocation() != WakeLocation.QUEUED) {
            return; // The sweeper promotes it before it is due.
        }
        if (notification.ordered() || notification.dueAt() > runtime.now() || !attempts.isStarted()) {
            wakes.schedule(wake, () -> {}); // Predecessor and slot are checked when its wake arrives.
        } else if (inFlights.size() + freshLookUps.get() >= inFlightMax) {
            wakes.schedule(wake, () -> {});
        } else {
            freshLookUps.incrementAndGet();
            submit(new LookUp(withoutMessage(wake), notification.asDelivery()));
        }
    }

    /** Wakes are due. */
    void due(List<WakeMessage> messages) {
        List<WakeMessage> again = new ArrayList<>(0);
        for (WakeMessage message : messages) {
            if (message.redelivered() && queue.isShared()) {
                again.add(message);
            } else {
                lookUp(message);
            }
        }
        if (!again.isEmpty()) {
            redelivered.claimLater(again, this::lookUp);
        }
    }

    /** Reads the record, then decides. */
    void lookUp(WakeMessage message) {
        if (draining) {
            message.receipt().handBack();
            return;
        }
        submit(new LookUp(message, null));
    }

    private void submit(LookUp look) {
        WakeMessage message = look.message();
        lookUps.submit(look, new Batcher.Done<>() {
            @Override
            public void succeeded(@Nullable Delivery delivery) {
                if (look.fresh() == null) {
                    gate.succeeded();
                    decide(message, delivery, InFlightDelivery.From.QUEUE);
                } else {
                    freshLookUps.decrementAndGet();
                    decide(message, delivery, InFlightDelivery.From.INTAKE);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                if (look.fresh() != null) {
                    freshLookUps.decrementAndGet();
                }
                lookUpLater(message, cause);
            }
        });
    }

    /**
     * Retries when the record could not be read; the prefetch bounds the number of retries. After a bug there is no retry, because the wake would
     * use its part of the prefetch for ever: it is dropped, and the sweeper re-arms it.
     */
    private void lookUpLater(WakeMessage message, RuntimeException cause) {
        if (gate.failed(cause)) {
            runtime.timer().after(RETRY, () -> lookUp(message));
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

    /** Decides about a due delivery; the only place that does. */
    private void decide(WakeMessage message, @Nullable Delivery delivery, InFlightDelivery.From from) {
        Wake wake = message.wake();
        if (draining) {
            message.receipt().handBack();
            return;
        }
        if (!message.receipt().isOpen()) {
            return; // Its connection is closed: the queue delivers the wake again, possibly to another server.
        }
        if (delivery == null || !delivery.isCurrent(wake)) {
            listener.on(new FlowEvent.StaleWake(wake.id()));
            redelivered.drop(message, delivery, this::lookUpLater);
            return;
        }
        Receiver receiver;
        try {
            receiver = receiverOf(delivery);
            if (receiver == null && delivery.state() == DeliveryState.WAITING) {
                cancelUndeliverable(delivery);
                message.receipt().acknowledge();
                return;
            }
        } catch (RuntimeException e) {
            lookUpLater(message, e);
            return;
        }
        InFlightDelivery inFlight = new InFlightDelivery(message, delivery, receiver, from);
        if (!inFlights.register(inFlight)) {
            return;
        }
        if (delivery.heldByOrder()) {
            inFlight.hold(HoldReason.ORDER, runtime.now());
            parking.park(inFlight, progress);
            return;
        }
        switch (bulkheads.enter(inFlight)) {
            case BEGIN -> begin(inFlight);
            case WAIT -> {} // A freed slot begins it.
            case PARK -> {
                if (from == InFlightDelivery.From.INTAKE) {
                    handBack(inFlight); // A backlog belongs in the queue, where every server takes part of it.
                } else {
                    parking.park(inFlight, progress);
                }
            }
        }
    }

    /** The settings of its receiver; null if that was deleted. */
    private @Nullable Receiver receiverOf(Delivery delivery) {
        if (delivery.kind() == DeliveryKind.ALERT) {
            return ALERTS;
        }
        Merchant merchant = merchants.get(delivery.merchantId());
        if (merchant == null) {
            throw new IllegalStateException("notification " + delivery.id() + " belongs to merchant "
                    + delivery.merchantId() + ", which is not in the store");
        }
        if (delivery.kind() == DeliveryKind.CHANNEL_QUERY) {
            return merchant.receiver();
        }
        Receiver receiver = merchant.receiver(delivery.receiver());
        if (receiver != null) {
            return receiver;
        }
        // Another server may just have created it.
        Merchant read = merchants.reload(delivery.merchantId());
        return read == null ? null : read.receiver(delivery.receiver());
    }

    /** Cancels a delivery whose receiver was deleted. */
    private void cancelUndeliverable(Delivery delivery) {
        if (store.cancel(delivery.id(), runtime.now()) == NotificationStore.Cancellation.CANCELLED) {
            listener.on(new FlowEvent.ReceiverDeleted(delivery));
        }
    }

    /** Begins the attempt of a delivery that has a slot. */
    private void begin(InFlightDelivery inFlight) {
        if (draining) {
            carryOut(bulkheads.leaveUnused(inFlight));
            handBack(inFlight);
        } else if (inFlight.obsolete
                || inFlight.later != null
                || !inFlight.message.receipt().isOpen()) { // its connection broke while it waited for its slot
            carryOut(bulkheads.leaveUnused(inFlight));
            finish(inFlight);
        } else {
            attempts.begin(inFlight, progress);
        }
    }

    /** Acknowledges the wake of a delivery and removes it from those in flight. */
    private void finish(InFlightDelivery inFlight) {
        inFlight.message.receipt().acknowledge();
        complete(inFlight);
    }

    /** Removes a delivery from those in flight. The caller acknowledges its wake, hands it back or looks it up again. */
    private void complete(InFlightDelivery inFlight) {
        WakeMessage later = inFlights.remove(inFlight);
        if (later != null) {
            lookUp(later);
        }
        if (draining) {
            bulkheads.clear().forEach(this::handBack);
            if (inFlights.isEmpty()) {
                drained.complete(null);
            }
        }
    }

    /** Continues with a delivery after a step of its attempt or its parking. */
    private final class Progress implements AttemptRunner.Listener, DeliveryParking.Listener {
        @Override
        public void notSent(InFlightDelivery inFlight) {
            carryOut(bulkheads.leaveUnused(inFlight));
            finish(inFlight);
        }

        @Override
        public @Nullable Duration ended(
                InFlightDelivery inFlight, Outcome outcome, Duration took, @Nullable Duration retryAfter) {
            Bulkheads.Left left = bulkheads.leave(inFlight, outcome, took, retryAfter);
            carryOut(left.actions());
            if (left.announced() != null) {
                clusterLimits.throttled(inFlight.delivery.receiver(), left.announced());
            }
            return left.throttled();
        }

        @Override
        public void settled(InFlightDelivery inFlight) {
            finish(inFlight);
        }

        @Override
        public void released(ReceiverId receiver, @Nullable String orderNo) {
            runtime.execute(() -> {
                try {
                    unparkReleased(receiver, orderNo, RELEASED_MAX);
                } catch (StoreException e) {
                    // They stay parked until the sweeper's next scan.
                    return;
                }
            });
        }

        @Override
        public void parked(InFlightDelivery inFlight, WakeLocation wakeLocation) {
            finish(inFlight);
            if (wakeLocation == WakeLocation.HELD_BY_BULKHEAD) {
                parkedAt(List.of(inFlight.bulkhead));
            }
        }

        @Override
        public void changedMeanwhile(InFlightDelivery inFlight) {
            complete(inFlight);
            lookUp(inFlight.message);
        }

        @Override
        public void failed(InFlightDelivery inFlight) {
            finish(inFlight);
        }
    }

    /** Deliveries are parked in the store for these bulkheads; they are unparked as slots become free. */
    void parkedAt(List<BulkheadKey> holding) {
        carryOut(bulkheads.holding(holding));
    }

    /** Receivers of a merchant were paused or resumed, or their limits changed. */
    void merchantChanged(Merchant merchant) {
        carryOut(bulkheads.changed(ReceiverId.own(merchant.id()), merchant.receiver()));
        for (Endpoint endpoint : merchant.endpoints()) {
            carryOut(bulkheads.changed(new ReceiverId(merchant.id(), endpoint.id()), endpoint.receiver()));
        }
    }

    /** Parks deliveries that have waited too long for a slot. Called several times a second. */
    void tick() {
        carryOut(bulkheads.tick());
    }

    private void carryOut(BulkheadActions actions) {
        for (InFlightDelivery inFlight : actions.begin()) {
            begin(inFlight);
        }
        for (InFlightDelivery inFlight : actions.park()) {
            parking.park(inFlight, progress);
        }
        for (Unpark unpark : actions.unpark()) {
            runtime.execute(() -> unpark(unpark));
        }
        for (Bulkheads.PaceTimer timer : actions.timers()) {
            Duration wait = Duration.ofMillis(Math.max(1, timer.at() - runtime.now()));
            runtime.timer().after(wait, () -> carryOut(bulkheads.paced(timer.bulkhead())));
        }
    }

    private void unpark(Unpark unpark) {
        List<Delivery> back;
        try {
            back = draining ? List.of() : parking.unpark(unpark.bulkhead(), unpark.limit());
        } catch (StoreException e) {
            // They stay parked until the sweeper's next scan.
            carryOut(bulkheads.unparked(unpark, 0));
            return;
        } catch (RuntimeException e) {
            listener.on(new FlowEvent.Defect(e));
            carryOut(bulkheads.unparked(unpark, 0));
            return;
        }
        back.forEach(this::decideUnparked);
        carryOut(bulkheads.unparked(unpark, back.size()));
    }

    /**
     * Unparks deliveries that no predecessor holds back any more, of one order, or (both null) of all orders, and decides about them.
     *
     * @throws StoreException if the store failed; nothing is unparked
     */
    void unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        if (!draining) {
            parking.unparkReleased(receiver, orderNo, limit).forEach(this::decideUnparked);
        }
    }

    private void decideUnparked(Delivery delivery) {
        Wake wake = new Wake(delivery.id(), delivery.wakeNumber(), Objects.requireNonNull(delivery.nextAttemptAt()));
        decide(withoutMessage(wake), delivery, InFlightDelivery.From.STORE);
    }

    /** A wake without a message of the queue: to hand it back means to schedule it. */
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

    /** Starts no new attempts. Completes when those in flight are settled. */
    CompletableFuture<@Nullable Void> drain() {
        draining = true;
        bulkheads.clear().forEach(this::handBack);
        if (inFlights.isEmpty()) {
            drained.complete(null);
        }
        return drained;
    }

    private void handBack(InFlightDelivery inFlight) {
        inFlight.message.receipt().handBack();
        complete(inFlight);
    }
}
