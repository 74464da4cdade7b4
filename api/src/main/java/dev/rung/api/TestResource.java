package dev.rung.api;

import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.Timestamps;
import java.time.InstantSource;

/** Sends a test notification to a merchant. */
final class TestResource {
    private static final String EVENT_TYPE = "rung.test";

    private final MerchantStore store;
    private final MerchantCache directory;
    private final IntakeResource intake;
    private final AuditRecorder audit;
    private final InstantSource clock;

    TestResource(ApiDependencies parts, IntakeResource intake) {
        this.store = parts.merchants();
        this.directory = parts.directory();
        this.audit = parts.audit();
        this.clock = parts.clock();
        this.intake = intake;
    }

    /** {@code POST /v1/merchants/{id}/test} */
    ApiResponse send(ApiRequest call) {
        ResendResource.refuseFields(call);
        Merchant merchant = store.find(MerchantsResource.idOf(call))
                .orElseThrow(() -> MerchantsResource.unknown().asException());
        if (merchant.receiver().url() == null) {
            throw Problem.invalid("notify_url", "is not set").asException();
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
        ApiResponse answer = intake.accept(request);
        audit.write(call.caller(), "merchant.test", merchant.id().toString());
        return answer;
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
