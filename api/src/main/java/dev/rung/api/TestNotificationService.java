package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationRequest;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.Timestamps;
import java.time.InstantSource;

/** Sends test notifications to merchants. Used by the API and the console. Thread-safe. */
public final class TestNotificationService {
    private static final String EVENT_TYPE = "rung.test";

    private final MerchantService merchants;
    private final MerchantCache directory;
    private final IntakeService intake;
    private final AuditRecorder audit;
    private final InstantSource clock;

    TestNotificationService(
            MerchantService merchants,
            MerchantCache directory,
            IntakeService intake,
            AuditRecorder audit,
            InstantSource clock) {
        this.merchants = merchants;
        this.directory = directory;
        this.intake = intake;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Sends a test notification.
     *
     * @throws dev.rung.web.ProblemException 404; 422 if the merchant has no URL; 503
     */
    public NotificationDetail send(Caller caller, MerchantId id) {
        Merchant merchant = merchants.find(caller, id);
        if (merchant.receiver().url() == null) {
            throw Problem.invalid("notify_url", "not_set", "is not set").asException();
        }
        long now = clock.millis();
        NotificationRequest request = new NotificationRequest(
                merchant.id(),
                null,
                null,
                EVENT_TYPE,
                payload(merchant, now),
                LadderFields.steps(merchant.receiver().ladder(), directory),
                merchant.receiver().ladder() instanceof LadderChoice.Named named ? named.name() : null,
                now,
                null,
                false,
                null);
        NotificationDetail accepted = switch (intake.accept(request.asUrgent())) {
            case Result.Accepted(NotificationDetail notification) -> notification;
            case Result.Rejected(Problem problem) -> throw problem.asException();
            case Result.Repeated _ -> throw new IllegalStateException("it has no idempotency key");
        };
        audit.write(caller, "merchant.test", merchant.id().toString());
        return accepted;
    }

    private static byte[] payload(Merchant merchant, long now) {
        return JsonWriter.write(g -> {
            g.writeStartObject();
            g.writeBooleanProperty("test", true);
            g.writeStringProperty("merchant_id", merchant.id().toString());
            g.writeStringProperty("created_at", Timestamps.text(now));
            g.writeEndObject();
        });
    }
}
