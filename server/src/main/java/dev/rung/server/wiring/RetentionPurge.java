package dev.rung.server.wiring;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.ReconciliationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what was settled before the retention period, and old entries of the audit log, in small batches, so that deliveries are not slowed down. */
final class RetentionPurge implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionPurge.class);
    private static final int BATCH = 500;
    /** Longer than bills are fetched for days that were missed, so that they are not fetched again. */
    private static final Duration DAYS_KEPT = Duration.ofDays(60);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final NotificationStore notifications;
    private final PaymentStore payments;
    private final ReconciliationStore reconciliations;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Duration kept;
    private final Duration auditKept;
    private final Duration recordsKept;

    /**
     * @param kept how long settled records are kept
     * @param auditKept how long the audit log is kept
     * @param recordsKept how long payments and what belongs to them are kept
     */
    RetentionPurge(
            NotificationStore notifications,
            PaymentStore payments,
            ReconciliationStore reconciliations,
            AuditLog audit,
            InstantSource clock,
            Duration kept,
            Duration auditKept,
            Duration recordsKept) {
        this.notifications = notifications;
        this.payments = payments;
        this.audit = audit;
        this.clock = clock;
        this.kept = kept;
        this.auditKept = auditKept;
        this.reconciliations = reconciliations;
        this.recordsKept = recordsKept;
    }

    /** Purges until nothing is left to purge, or this thread is interrupted. */
    @Override
    public void run() {
        Instant before = clock.instant().minus(kept);
        purge("notifications", kept, () -> notifications.purge(before.toEpochMilli(), BATCH));
        purge("timelines of payments", kept, () -> payments.purge(before, BATCH));
        Instant recordsBefore = clock.instant().minus(recordsKept);
        purge("payments", recordsKept, () -> payments.purgeRecords(recordsBefore, BATCH));
        Instant daysBefore = clock.instant().minus(recordsKept.compareTo(DAYS_KEPT) < 0 ? DAYS_KEPT : recordsKept);
        purge("reconciliations", recordsKept, () -> reconciliations.purge(daysBefore));
        long auditBefore = Ids.first(clock.instant().minus(auditKept).toEpochMilli());
        purge("entries of the audit log", auditKept, () -> audit.purge(auditBefore, BATCH));
    }

    private void purge(String what, Duration age, IntSupplier batch) {
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
        } while (purged >= BATCH);
        if (total > 0) {
            LOG.info("purged {} {} older than {} h", total, what, age.toHours());
        }
    }
}
