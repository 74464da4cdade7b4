package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.NotificationCatalog.Also;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.Timestamps;
import java.time.InstantSource;
import java.util.List;

/** Sends test notifications to merchants. Used by the API and the console. Thread-safe. */
public final class TestNotificationService {
    private static final String EVENT_TYPE = "rung.test";

    private final MerchantService merchants;
    private final MerchantCache merchantCache;
    private final IntakeService intake;
    private final AuditRecorder audit;
    private final InstantSource clock;

    TestNotificationService(
            MerchantService merchants,
            MerchantCache merchantCache,
            IntakeService intake,
            AuditRecorder audit,
            InstantSource clock) {
        this.merchants = merchants;
        this.merchantCache = merchantCache;
        this.intake = intake;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Sends a test notification to one receiver.
     *
     * @throws dev.rung.web.ProblemException 404; 422 if the merchant has no URL; 503
     */
    public NotificationDetail send(Caller caller, ReceiverId id) {
        Receiver receiver = merchants.find(caller, id.merchant()).receiver(id);
        if (receiver == null) {
            throw EndpointService.unknown().asException();
        }
        if (receiver.url() == null) {
            throw Problem.invalid("notify_url", "not_set", "is not set").asException();
        }
        long now = clock.millis();
        NotificationRequest request = NotificationRequest.test(
                id,
                EVENT_TYPE,
                payload(id, now),
                LadderFields.steps(receiver.ladder(), merchantCache),
                receiver.ladder().nameOrNull(),
                now);
        NotificationDetail accepted = switch (intake.accept(request)) {
            case Result.Accepted(NotificationDetail notification, List<Also> _) -> notification;
            case Result.Rejected(Problem problem) -> throw problem.asException();
            case Result.Repeated _ -> throw new IllegalStateException("it has no idempotency key");
        };
        audit.write(caller, id.endpoint() == null ? "merchant.test" : "endpoint.test", id.toString());
        return accepted;
    }

    private static byte[] payload(ReceiverId id, long now) {
        return JsonWriter.write(g -> {
            g.writeStartObject();
            g.writeBooleanProperty("test", true);
            g.writeStringProperty("merchant_id", id.merchant().toString());
            if (id.endpoint() != null) {
                g.writeStringProperty("endpoint_id", id.endpoint().toString());
            }
            g.writeStringProperty("created_at", Timestamps.text(now));
            g.writeEndObject();
        });
    }
}
