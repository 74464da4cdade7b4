package dev.rung.server.wiring;

import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats tasks, each on its own virtual thread, until closed. Thread-safe. */
final class ScheduledTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledTasks.class);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** Runs a task now, and again after each pause. */
    void every(Duration pause, String name, Runnable task) {
        threads.add(Thread.ofVirtual().name("rung-" + name).start(() -> repeat(pause, name, task)));
    }

    private static void repeat(Duration pause, String name, Runnable task) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                task.run();
            } catch (StoreException e) {
                LOG.debug("{} waits for the store", name, e);
            } catch (RuntimeException e) {
                LOG.error("{} failed", name, e);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
