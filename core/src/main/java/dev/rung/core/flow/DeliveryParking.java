package dev.rung.core.flow;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Park;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parks deliveries that cannot be attempted now: the record is marked and the wake acknowledged, so that a parked delivery uses neither a
 * message nor a thread. Unparks them when {@link Bulkheads} has slots for them or their predecessor has ended. Thread-safe.
 */
final class DeliveryParking {
    private static final int BATCH = 512;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NotificationStore store;
    private final EngineRuntime runtime;
    private final StoreGate gate;
    private final FlowListener listener;
    private final Batcher<Wake, @Nullable Wake> mayRepeatMarks;
    private final Batcher<Park, Boolean> byMerchant;
    private final Batcher<Park, Boolean> byOrder;

    /** Receives the result of {@link #park}: exactly one of the methods is called. */
    interface Listener {
        void parked(InFlightDelivery inFlight, WakeLocation wakeLocation);

        /** The record has changed: it must be read again. */
        void changedMeanwhile(InFlightDelivery inFlight);

        /** A defect was reported; the sweeper finds the delivery later. */
        void failed(InFlightDelivery inFlight);
    }

    DeliveryParking(NotificationStore store, EngineRuntime runtime, StoreGate gate, FlowListener listener) {
        this.store = store;
        this.runtime = runtime;
        this.gate = gate;
        this.listener = listener;
        Consumer<RuntimeException> defects = e -> listener.on(new FlowEvent.Defect(e));
        this.mayRepeatMarks = new Batcher<>(BATCH, 1, runtime.executor(), this::setMayRepeat, defects);
        this.byMerchant = new Batcher<>(
                BATCH, 1, runtime.executor(), batch -> store.park(batch, WakeLocation.HELD_BY_BULKHEAD), defects);
        this.byOrder = new Batcher<>(
                BATCH, 1, runtime.executor(), batch -> store.park(batch, WakeLocation.HELD_BY_ORDER), defects);
    }

    /** Parks a delivery that is held back. */
    void park(InFlightDelivery inFlight, Listener then) {
        if (inFlight.message.redelivered() && !inFlight.delivery.mayRepeat()) {
            parkMarked(inFlight, then);
        } else {
            park(inFlight, inFlight.message.wake(), then);
        }
    }

    /** The record is marked "may repeat" first, because a parked delivery has no message with the redelivered flag. */
    private void parkMarked(InFlightDelivery inFlight, Listener then) {
        mayRepeatMarks.submit(inFlight.message.wake(), new Batcher.Done<>() {
            @Override
            public void succeeded(@Nullable Wake raised) {
                gate.succeeded();
                if (raised == null) {
                    then.changedMeanwhile(inFlight);
                } else {
                    park(inFlight, raised, then);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                retry(inFlight, cause, then, () -> parkMarked(inFlight, then));
            }
        });
    }

    private List<@Nullable Wake> setMayRepeat(List<Wake> batch) {
        Map<Long, Wake> raised = new HashMap<>();
        for (Wake wake : store.rearm(batch, true)) {
            raised.put(wake.id().value(), wake);
        }
        return batch.stream()
                .<@Nullable Wake>map(w -> raised.get(w.id().value()))
                .toList();
    }

    private void park(InFlightDelivery inFlight, Wake wake, Listener then) {
        HoldReason reason = Objects.requireNonNull(inFlight.heldBy, "what is parked is held back for a reason");
        WakeLocation wakeLocation = reason.location();
        Batcher<Park, Boolean> parks = wakeLocation == WakeLocation.HELD_BY_ORDER ? byOrder : byMerchant;
        parks.submit(new Park(wake, reason, inFlight.heldSince), new Batcher.Done<>() {
            @Override
            public void succeeded(Boolean parked) {
                gate.succeeded();
                if (parked) {
                    listener.on(new FlowEvent.Parked(inFlight.delivery, wakeLocation));
                    then.parked(inFlight, wakeLocation);
                } else {
                    // It changed, or its predecessor has just ended: its wake may still be valid.
                    then.changedMeanwhile(inFlight);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                retry(inFlight, cause, then, () -> park(inFlight, wake, then));
            }
        });
    }

    private void retry(InFlightDelivery inFlight, RuntimeException cause, Listener then, Runnable again) {
        if (gate.failed(cause)) {
            runtime.timer().after(RETRY, again);
        } else {
            then.failed(inFlight);
        }
    }

    /**
     * Unparks deliveries of a bulkhead.
     *
     * @throws StoreException if the store failed; nothing is unparked
     */
    List<Delivery> unpark(BulkheadKey bulkhead, int limit) {
        return store.unparkHeld(bulkhead, limit);
    }

    /**
     * Unparks deliveries that no predecessor holds back any more, of one order, or (both null) of all orders.
     *
     * @throws StoreException if the store failed; nothing is unparked
     */
    List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        return store.unparkReleased(receiver, orderNo, limit);
    }
}
