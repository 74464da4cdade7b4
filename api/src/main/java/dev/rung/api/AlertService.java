package dev.rung.api;

import dev.rung.alerts.AlertFormat;
import dev.rung.alerts.AlertReporter;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.util.Optional;

/** Sends test alerts. Used by the API and the console. Thread-safe. */
public final class AlertService {
    private final AlertReporter reporter;
    private final NotificationCatalog catalog;
    private final AuditRecorder audit;

    AlertService(AlertReporter reporter, NotificationCatalog catalog, AuditRecorder audit) {
        this.reporter = reporter;
        this.catalog = catalog;
        this.audit = audit;
    }

    /** In which format alerts are sent; empty if they are not sent. */
    public Optional<AlertFormat> format() {
        return reporter.format();
    }

    /** A test alert with its attempts; empty if there is none with this id. */
    public Optional<NotificationCatalog.Whole> find(NotificationId id) {
        return catalog.whole(id).filter(found -> found.notification().kind() == DeliveryKind.ALERT);
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
