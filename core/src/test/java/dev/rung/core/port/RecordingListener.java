package dev.rung.core.port;

import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Records the events of a queue, and when they happened. Thread-safe. */
public final class RecordingListener implements WakeQueue.Listener {
    private final LongSupplier clock;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Wake> lost = new ArrayList<>();
    private boolean acknowledging;
    private int forgotten;

    /**
     * One delivery.
     *
     * @param at epoch milliseconds
     */
    public record Arrival(WakeMessage message, long at) {}

    public RecordingListener(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void due(List<WakeMessage> messages) {
        long at = clock.getAsLong();
        boolean acknowledge;
        synchronized (this) {
            messages.forEach(message -> arrivals.add(new Arrival(message, at)));
            acknowledge = acknowledging;
        }
        if (acknowledge) {
            messages.forEach(message -> message.receipt().acknowledge());
        }
    }

    @Override
    public synchronized CompletionStage<@Nullable Void> forgotten() {
        forgotten++;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void lost(List<Wake> wakes) {
        lost.addAll(wakes);
    }

    /** Acknowledges all received deliveries and every further one. */
    public void acknowledgeAll() {
        List<Arrival> before;
        synchronized (this) {
            acknowledging = true;
            before = List.copyOf(arrivals);
        }
        before.forEach(arrival -> arrival.message().receipt().acknowledge());
    }

    public synchronized int count() {
        return arrivals.size();
    }

    public synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    public List<Wake> wakes() {
        return arrivals().stream().map(a -> a.message().wake()).toList();
    }

    public synchronized List<Wake> lost() {
        return List.copyOf(lost);
    }

    /** How often the queue reported that it has forgotten its wakes. */
    public synchronized int timesForgotten() {
        return forgotten;
    }
}
