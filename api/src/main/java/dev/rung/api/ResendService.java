package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Resends notifications, one or in bulk, and cancels them. Used by the API and the console. Thread-safe. */
public final class ResendService {
    /** Maximum of notifications that one call resends. */
    static final int RESEND_MAX = 10_000;

    private static final int CHUNK = 500;
    /** Maximum of pages that one call searches, for filters with few matches. */
    private static final int PAGES_MAX = 100;

    private final Engine engine;
    private final NotificationService notifications;
    private final AuditRecorder audit;

    ResendService(Engine engine, NotificationService notifications, AuditRecorder audit) {
        this.engine = engine;
        this.notifications = notifications;
        this.audit = audit;
    }

    /**
     * Resends a notification at once.
     *
     * @param url another address; null: as the notification was addressed
     * @throws dev.rung.web.ProblemException 404
     */
    public void resend(Caller caller, NotificationId id, @Nullable String url) {
        NotificationDetail found = notifications.find(caller, id);
        if (!engine.resend(List.of(found), url, true).getFirst()) {
            throw NotificationService.unknown().asException();
        }
        audit.write(caller, "notification.resend", id.toString(), g -> {
            g.writeStartObject();
            if (url != null) {
                g.writeStringProperty("url", url);
            }
            g.writeEndObject();
        });
    }

    /**
     * Cancels a waiting notification.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public void cancel(Caller caller, NotificationId id) {
        NotificationDetail found = notifications.find(caller, id);
        switch (engine.cancel(found)) {
            case Cancellation.CANCELLED -> audit.write(caller, "notification.cancel", id.toString());
            case Cancellation.ALREADY_SETTLED ->
                throw Problem.conflict(
                                "already_settled", "The notification is settled; only a waiting one can be cancelled.")
                        .asException();
            case Cancellation.UNKNOWN -> throw NotificationService.unknown().asException();
        }
    }

    /**
     * Which notifications to resend.
     *
     * @param dryRun whether they are only counted
     * @param before continue below this id; null to begin with the newest
     */
    public record BulkRequest(
            Filter filter, boolean dryRun, @Nullable NotificationId before) {

        /**
         * Reads a request.
         *
         * @throws dev.rung.web.ProblemException 422
         */
        public static BulkRequest read(Caller caller, FieldReader fields) {
            MerchantId merchant = fields.text("merchant_id", MerchantId::parse);
            NotificationState state = fields.text("state", text -> CodedEnum.ofText(NotificationState.class, text));
            fields.require("state");
            Filter filter = new Filter(
                    merchant == null ? caller.merchantOrNull() : merchant,
                    fields.text("order_no", FieldValidators::orderNo),
                    state,
                    fields.text("event_type", FieldValidators::eventType),
                    NotificationController.millis(fields.instant("created_from")),
                    NotificationController.millis(fields.instant("created_to")));
            boolean dryRun = Boolean.TRUE.equals(fields.bool("dry_run"));
            NotificationId before = fields.text("cursor", text -> Cursors.notification(Cursors.Kind.RESEND, text));
            fields.finish();
            return new BulkRequest(filter, dryRun, before);
        }

        private String target() {
            MerchantId merchant = filter.merchant();
            return merchant == null ? "all merchants" : merchant.toString();
        }
    }

    /**
     * What one call did.
     *
     * @param nextCursor for the next call; null if there is nothing left
     */
    public record BulkResult(
            int matched, int resent, @Nullable String nextCursor) {
        void write(JsonGenerator g) {
            g.writeStartObject();
            g.writeNumberProperty("matched", matched);
            g.writeNumberProperty("resent", resent);
            g.writeStringProperty("next_cursor", nextCursor);
            g.writeEndObject();
        }
    }

    /**
     * Resends up to {@value #RESEND_MAX} notifications.
     *
     * @throws dev.rung.web.ProblemException 404 if the filter names another merchant than the caller's
     */
    public BulkResult resendMany(Caller caller, BulkRequest request) {
        NotificationId next = request.before();
        int pages = 0;
        int matched = 0;
        int resent = 0;
        do {
            Page page = notifications.search(caller, request.filter(), next, Math.min(CHUNK, RESEND_MAX - matched));
            if (!request.dryRun() && !page.data().isEmpty()) {
                resent += (int) engine.resend(page.data(), null, false).stream()
                        .filter(found -> found)
                        .count();
            }
            pages++;
            matched += page.data().size();
            next = page.next();
        } while (next != null && pages < PAGES_MAX && matched < RESEND_MAX);
        BulkResult result =
                new BulkResult(matched, resent, next == null ? null : Cursors.of(Cursors.Kind.RESEND, next.value()));
        if (!request.dryRun()) {
            audit.write(caller, "notification.resend_many", request.target(), result::write);
        }
        return result;
    }
}
