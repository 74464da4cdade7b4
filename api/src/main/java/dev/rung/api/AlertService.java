package dev.rung.api;

import dev.rung.alerts.AlertReporter;
import dev.rung.core.model.NotificationId;
import dev.rung.web.Caller;
import dev.rung.web.Problem;

/** Sends test alerts. Thread-safe. */
public final class AlertService {
    private final AlertReporter reporter;
    private final AuditRecorder audit;

    AlertService(AlertReporter reporter, AuditRecorder audit) {
        this.reporter = reporter;
        this.audit = audit;
    }

    /**
     * Sends a test alert, and returns its id.
     *
     * @throws dev.rung.web.ProblemException 409 if alerts are not sent
     */
    public NotificationId test(Caller caller) {
        NotificationId id = reporter.test()
                .orElseThrow(() -> Problem.conflict("alerts_off", "Alerts are not sent: --alerts-url is not set.")
                        .asException());
        audit.write(caller, "alerts.test", id.toString());
        return id;
    }
}
