package dev.rung.core.flow;

import dev.rung.core.port.WakeQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the store can be relied on to write what attempts bring. While it cannot, no wakes are taken from the queue: consumption
 * is paused, not nacked in a loop. Thread-safe.
 *
 * <p>Only work that is tried again until it succeeds reports here, so that a closed gate is always opened by someone.
 */
final class StoreGate {
    private final WakeQueue queue;
    private final FlowListener listener;
    private final AtomicBoolean open = new AtomicBoolean(true);

    StoreGate(WakeQueue queue, FlowListener listener) {
        this.queue = queue;
        this.listener = listener;
    }

    boolean isOpen() {
        return open.get();
    }

    void failed() {
        if (open.compareAndSet(true, false)) {
            queue.pause();
            listener.on(new FlowEvent.StoreAvailable(false));
        }
    }

    void succeeded() {
        if (!open.get() && open.compareAndSet(false, true)) {
            queue.resume();
            listener.on(new FlowEvent.StoreAvailable(true));
        }
    }
}
