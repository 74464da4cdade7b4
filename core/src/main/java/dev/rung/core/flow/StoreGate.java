package dev.rung.core.flow;

import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the store can be relied on to write what attempts bring. While it cannot, no wakes are taken from the queue: consumption
 * is paused, not nacked in a loop. Thread-safe.
 *
 * <p>Only work that is tried again until it succeeds reports here, so that a closed gate is always opened by someone.
 */
final class StoreGate {
    private final WakeQueue queue;
    private final FlowListener listener;
    /** Held while the queue is told: what it is told last must be how it is. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean open = true;

    StoreGate(WakeQueue queue, FlowListener listener) {
        this.queue = queue;
        this.listener = listener;
    }

    boolean isOpen() {
        return open;
    }

    /**
     * Something that was asked of the store failed. What is no {@link StoreException} is a bug: it is told, and closes nothing, for no waiting mends it.
     *
     * @return whether it is worth trying again
     */
    boolean failed(RuntimeException cause) {
        if (!(cause instanceof StoreException)) {
            listener.on(new FlowEvent.Defect(cause));
            return false;
        }
        if (open) {
            set(false);
        }
        return true;
    }

    void succeeded() {
        if (!open) {
            set(true);
        }
    }

    private void set(boolean to) {
        lock.lock();
        try {
            if (open == to) {
                return;
            }
            open = to;
            if (to) {
                queue.resume();
            } else {
                queue.pause();
            }
        } finally {
            lock.unlock();
        }
        listener.on(new FlowEvent.StoreAvailable(to));
    }
}
