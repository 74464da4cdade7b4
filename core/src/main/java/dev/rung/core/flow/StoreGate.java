package dev.rung.core.flow;

import dev.rung.core.port.StoreException;
import dev.rung.core.port.WakeQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pauses the queue while the store cannot write settlements: consumption stops instead of rejecting messages in a loop. Thread-safe.
 *
 * <p>Only operations that are retried until they succeed report here, so that a closed gate always opens again.
 */
final class StoreGate {
    private final WakeQueue queue;
    private final FlowListener listener;
    /** Held while the queue is paused or resumed, so that its state matches the gate's. */
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
     * A call of the store failed. A failure other than {@link StoreException} is a bug: it is reported and does not close the gate, because a retry
     * would fail too.
     *
     * @return whether to retry
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
