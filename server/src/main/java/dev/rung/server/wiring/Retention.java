package dev.rung.server.wiring;

import dev.rung.core.port.NotificationStore;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what was settled long ago, a little at a time, so that deliveries do not feel it. */
final class Retention implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 500;
    private static final Duration BREATH = Duration.ofMillis(50);

    private final NotificationStore store;
    private final InstantSource clock;
    private final Duration kept;

    Retention(NotificationStore store, InstantSource clock, Duration kept) {
        this.store = store;
        this.clock = clock;
        this.kept = kept;
    }

    /** Purges until nothing is left to purge, or this thread is interrupted. */
    @Override
    public void run() {
        long settledBefore = clock.millis() - kept.toMillis();
        long total = 0;
        int purged;
        do {
            purged = store.purge(settledBefore, BATCH);
            total += purged;
            try {
                Thread.sleep(BREATH);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        } while (purged == BATCH);
        if (total > 0) {
            LOG.info("purged {} notifications settled more than {} days ago", total, kept.toDays());
        }
    }
}
