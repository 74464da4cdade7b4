package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Resends notifications, one or in bulk, and cancels them. */
final class ResendResource {
    /** Maximum of notifications that one call resends. */
    static final int RESEND_MAX = 10_000;

    private static final int CHUNK = 500;
    /** Maximum of pages that one call searches, for filters with few matches. */
    private static final int PAGES_MAX = 100;

    private final Engine engine;
    private final NotificationCatalog catalog;
    private final NotificationResource notifications;
    private final UrlCheck urls;
    private final AuditRecorder audit;

    ResendResource(
            Engine engine,
            NotificationCatalog catalog,
            NotificationResource notifications,
            UrlCheck urls,
            AuditRecorder audit) {
        this.engine = engine;
        this.catalog = catalog;
        this.notifications = notifications;
        this.urls = urls;
        this.audit = audit;
    }

    /** {@code POST /v1/notifications/{id}/resend} */
    ApiResponse resend(ApiRequest call) {
        String url = url(call);
        NotificationDetail found = notifications.find(call);
        NotificationId id = found.id();
        if (!engine.resend(List.of(found), url).getFirst()) {
            throw NotificationResource.unknown().asException();
        }
        audit.write(call.caller(), "notification.resend", id.toString(), g -> {
            g.writeStartObject();
            if (url != null) {
                g.writeStringProperty("url", url);
            }
            g.writeEndObject();
        });
        return notifications.show(202, id);
    }

    /** {@code POST /v1/notifications/{id}/cancel} */
    ApiResponse cancel(ApiRequest call) {
        refuseFields(call);
        NotificationDetail found = notifications.find(call);
        NotificationId id = found.id();
        return switch (engine.cancel(found)) {
            case Cancellation.CANCELLED -> {
                audit.write(call.caller(), "notification.cancel", id.toString());
                yield notifications.show(200, id);
            }
            case Cancellation.ALREADY_SETTLED ->
                ApiResponse.problem(
                        Problem.conflict("The notification is settled; only a waiting one can be cancelled."));
            case Cancellation.UNKNOWN -> ApiResponse.problem(NotificationResource.unknown());
        };
    }

    /** The address of an optional body; null: as the notification was addressed. */
    private @Nullable String url(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofOptionalBody(call.body(), errors);
        String url = urls.read(fields, "url");
        fields.refuseOthers();
        errors.check();
        return url;
    }

    /** The body is optional and has no fields. */
    static void refuseFields(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader.ofOptionalBody(call.body(), errors).refuseOthers();
        errors.check();
    }

    /**
     * Which notifications to resend.
     *
     * @param before continue below this id; null to begin with the newest
     */
    private record BulkRequest(
            Filter filter, boolean dryRun, @Nullable NotificationId before) {}

    /** {@code POST /v1/notifications/resend} */
    ApiResponse resendMany(ApiRequest call) {
        BulkRequest bulkRequest = read(call);
        if (bulkRequest.filter().merchant() != null
                && !call.caller().sees(bulkRequest.filter().merchant())) {
            throw MerchantsResource.unknown().asException();
        }
        Progress progress = new Progress(bulkRequest.before());
        while (progress.goesOn()) {
            Page page =
                    catalog.search(bulkRequest.filter(), progress.next, Math.min(CHUNK, RESEND_MAX - progress.matched));
            int resent = bulkRequest.dryRun() || page.data().isEmpty()
                    ? 0
                    : (int) engine.resend(page.data(), null).stream()
                            .filter(found -> found)
                            .count();
            progress.add(page, resent);
        }
        if (!bulkRequest.dryRun()) {
            audit.write(call.caller(), "notification.resend_many", target(bulkRequest), progress::write);
        }
        return ApiResponse.json(200, progress::write);
    }

    private static BulkRequest read(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofBody(call.body(), errors);
        MerchantId merchant = fields.text("merchant_id", MerchantId::parse);
        NotificationState state = fields.text("state", text -> CodedEnum.ofText(NotificationState.class, text));
        fields.require("state");
        Filter filter = new Filter(
                merchant == null ? call.caller().merchantOrNull() : merchant,
                fields.text("order_no", FieldValidators::orderNo),
                state,
                fields.text("event_type", FieldValidators::eventType),
                NotificationResource.millis(fields.instant("created_from")),
                NotificationResource.millis(fields.instant("created_to")));
        boolean dryRun = Boolean.TRUE.equals(fields.bool("dry_run"));
        NotificationId before = fields.text("cursor", text -> Cursors.notification(Cursors.Kind.RESEND, text));
        fields.refuseOthers();
        errors.check();
        return new BulkRequest(filter, dryRun, before);
    }

    private static String target(BulkRequest bulkRequest) {
        MerchantId merchant = bulkRequest.filter().merchant();
        return merchant == null ? "all merchants" : merchant.toString();
    }

    /** The progress of a call. */
    private static final class Progress {
        private @Nullable NotificationId next;
        private int pages;
        private int matched;
        private int resent;

        Progress(@Nullable NotificationId before) {
            this.next = before;
        }

        boolean goesOn() {
            return pages == 0 || next != null && pages < PAGES_MAX && matched < RESEND_MAX;
        }

        void add(Page page, int resentOfIt) {
            pages++;
            matched += page.data().size();
            resent += resentOfIt;
            next = page.next();
        }

        void write(JsonGenerator g) {
            g.writeStartObject();
            g.writeNumberProperty("matched", matched);
            g.writeNumberProperty("resent", resent);
            g.writeStringProperty("next_cursor", next == null ? null : Cursors.of(Cursors.Kind.RESEND, next.value()));
            g.writeEndObject();
        }
    }
}
