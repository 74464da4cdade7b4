package dev.rung.core.flow;

import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parks what cannot be attempted now: its record is marked and its wake acknowledged, so that it costs neither a message nor a thread. {@link
 * Bulkheads} and the end of a predecessor say when it is taken back. Thread-safe.
 */
final class DeliveryParking {
    private static final int BATCH = 512;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NotificationStore store;
    private final Timer timer;
    private final StoreGate gate;
    private final FlowListener listener;
    private final Dispatcher dispatcher;
    private final Batcher<Wake, @Nullable Wake> doubts;
    private final Batcher<Wake, Boolean> byMerchant;
    private final Batcher<Wake, Boolean> byOrder;

    DeliveryParking(Engine.Ports ports, StoreGate gate, FlowListener listener, Dispatcher dispatcher) {
        this.store = ports.store();
        this.timer = ports.timer();
        this.gate = gate;
        this.listener = listener;
        this.dispatcher = dispatcher;
        Consumer<RuntimeException> defects = e -> listener.on(new FlowEvent.Defect(e));
        this.doubts = new Batcher<>(BATCH, 1, ports.executor(), this::rememberDoubts, defects);
        this.byMerchant = new Batcher<>(
                BATCH, 1, ports.executor(), batch -> store.park(batch, WakeLocation.HELD_BY_MERCHANT), defects);
        this.byOrder = new Batcher<>(
                BATCH, 1, ports.executor(), batch -> store.park(batch, WakeLocation.HELD_BY_ORDER), defects);
    }

    /** Parks a flight that has no slot. */
    void park(InFlightDelivery inFlight, WakeLocation wakeLocation) {
        if (inFlight.message.redelivered() && !inFlight.delivery.mayRepeat()) {
            parkWithDoubt(inFlight, wakeLocation);
        } else {
            park(inFlight, inFlight.message.wake(), wakeLocation);
        }
    }

    /** A parked one has no message that could say "redelivered", so the record must. */
    private void parkWithDoubt(InFlightDelivery inFlight, WakeLocation wakeLocation) {
        doubts.submit(inFlight.message.wake(), new Batcher.Done<>() {
            @Override
            public void succeeded(@Nullable Wake raised) {
                gate.succeeded();
                if (raised == null) {
                    reconsider(inFlight);
                } else {
                    park(inFlight, raised, wakeLocation);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                failedTo(inFlight, cause, () -> parkWithDoubt(inFlight, wakeLocation));
            }
        });
    }

    private List<@Nullable Wake> rememberDoubts(List<Wake> batch) {
        Map<Long, Wake> raised = new HashMap<>();
        for (Wake wake : store.rearm(batch, true)) {
            raised.put(wake.id().value(), wake);
        }
        return batch.stream()
                .<@Nullable Wake>map(w -> raised.get(w.id().value()))
                .toList();
    }

    private void park(InFlightDelivery inFlight, Wake wake, WakeLocation wakeLocation) {
        Batcher<Wake, Boolean> parks = wakeLocation == WakeLocation.HELD_BY_ORDER ? byOrder : byMerchant;
        parks.submit(wake, new Batcher.Done<>() {
            @Override
            public void succeeded(Boolean parked) {
                gate.succeeded();
                if (parked) {
                    parked(inFlight, wakeLocation);
                } else {
                    // It moved, or its predecessor has just ended: its wake may still be good.
                    reconsider(inFlight);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                failedTo(inFlight, cause, () -> park(inFlight, wake, wakeLocation));
            }
        });
    }

    private void parked(InFlightDelivery inFlight, WakeLocation wakeLocation) {
        listener.on(new FlowEvent.Parked(inFlight.delivery.id(), inFlight.delivery.merchantId(), wakeLocation));
        dispatcher.finish(inFlight);
        if (wakeLocation == WakeLocation.HELD_BY_MERCHANT) {
            dispatcher.followUp(dispatcher.bulkheads().holding(List.of(inFlight.delivery.merchantId())));
        }
    }

    private void reconsider(InFlightDelivery inFlight) {
        dispatcher.complete(inFlight);
        dispatcher.lookUp(inFlight.message);
    }

    private void failedTo(InFlightDelivery inFlight, RuntimeException cause, Runnable again) {
        if (gate.failed(cause)) {
            timer.after(RETRY, again);
        } else {
            dispatcher.finish(inFlight); // The sweeper comes by again.
        }
    }
}
