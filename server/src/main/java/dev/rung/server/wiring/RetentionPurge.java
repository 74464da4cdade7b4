package dev.rung.server.wiring;

import dev.rung.core.port.NotificationStore;
import dev.rung.payments.port.PaymentStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what was settled before the retention period, in small batches, so that deliveries are not slowed down. */
final class RetentionPurge implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionPurge.class);
    private static final int BATCH = 500;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final NotificationStore notifications;
    private final PaymentStore payments;
    private final InstantSource clock;
    private final Duration kept;

    RetentionPurge(NotificationStore notifications, PaymentStore payments, InstantSource clock, Duration kept) {
        this.notifications = notifications;
        this.payments = payments;
        this.clock = clock;
        this.kept = kept;
    }

    /** Purges until nothing is left to purge, or this thread is interrupted. */
    @Override
    public void run() {
        Instant before = clock.instant().minus(kept);
        purge("notifications", () -> notifications.purge(before.toEpochMilli(), BATCH));
        purge("payments", () -> payments.purge(before, BATCH));
    }

    private void purge(String what, IntSupplier batch) {
        long total = 0;
        int purged;
        do {
            purged = batch.getAsInt();
            total += purged;
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        } while (purged == BATCH);
        if (total > 0) {
            LOG.info("purged {} {} that ended more than {} days ago", total, what, kept.toDays());
        }
    }
}
