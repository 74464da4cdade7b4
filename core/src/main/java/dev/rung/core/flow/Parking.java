package dev.rung.core.flow;

import dev.rung.core.model.Place;
import dev.rung.core.model.Wake;
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
final class Parking {
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

    Parking(Engine.Ports ports, StoreGate gate, FlowListener listener, Dispatcher dispatcher) {
        this.store = ports.store();
        this.timer = ports.timer();
        this.gate = gate;
        this.listener = listener;
        this.dispatcher = dispatcher;
        Consumer<RuntimeException> defects = e -> listener.on(new FlowEvent.Defect(e));
        this.doubts = new Batcher<>(BATCH, 1, ports.executor(), this::rememberDoubts, defects);
        this.byMerchant =
                new Batcher<>(BATCH, 1, ports.executor(), batch -> store.park(batch, Place.HELD_BY_MERCHANT), defects);
        this.byOrder =
                new Batcher<>(BATCH, 1, ports.executor(), batch -> store.park(batch, Place.HELD_BY_ORDER), defects);
    }

    /** Parks a flight that has no slot. */
    void park(Flight flight, Place place) {
        if (flight.delivery.redelivered() && !flight.owed.mayRepeat()) {
            parkWithDoubt(flight, place);
        } else {
            park(flight, flight.delivery.wake(), place);
        }
    }

    /** A parked one has no message that could say "redelivered", so the record must. */
    private void parkWithDoubt(Flight flight, Place place) {
        doubts.submit(flight.delivery.wake(), new Batcher.Done<>() {
            @Override
            public void succeeded(@Nullable Wake raised) {
                gate.succeeded();
                if (raised == null) {
                    lookAgain(flight);
                } else {
                    park(flight, raised, place);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                failedTo(flight, cause, () -> parkWithDoubt(flight, place));
            }
        });
    }

    private List<@Nullable Wake> rememberDoubts(List<Wake> batch) {
        Map<Long, Wake> raised = new HashMap<>();
        for (Wake wake : store.rearm(batch)) {
            raised.put(wake.id().value(), wake);
        }
        return batch.stream()
                .<@Nullable Wake>map(w -> raised.get(w.id().value()))
                .toList();
    }

    private void park(Flight flight, Wake wake, Place place) {
        Batcher<Wake, Boolean> parks = place == Place.HELD_BY_ORDER ? byOrder : byMerchant;
        parks.submit(wake, new Batcher.Done<>() {
            @Override
            public void succeeded(Boolean parked) {
                gate.succeeded();
                if (parked) {
                    parked(flight, place);
                } else {
                    // It moved, or its predecessor has just ended: its wake may still be good.
                    lookAgain(flight);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                failedTo(flight, cause, () -> park(flight, wake, place));
            }
        });
    }

    private void parked(Flight flight, Place place) {
        listener.on(new FlowEvent.Parked(flight.owed.id(), flight.owed.merchantId(), place));
        dispatcher.finish(flight);
        if (place == Place.HELD_BY_MERCHANT) {
            dispatcher.followUp(dispatcher.bulkheads().holding(List.of(flight.owed.merchantId())));
        }
    }

    private void lookAgain(Flight flight) {
        dispatcher.land(flight);
        dispatcher.look(flight.delivery);
    }

    private void failedTo(Flight flight, RuntimeException cause, Runnable again) {
        if (gate.failed(cause)) {
            timer.after(RETRY, again);
        } else {
            dispatcher.finish(flight); // The sweeper comes by again.
        }
    }
}
