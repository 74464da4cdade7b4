package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationStore.Cancellation;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Resends notifications, one or in bulk, and cancels them. Used by the API and the console. Thread-safe. */
public final class ResendService {
    /** Maximum of notifications that one call resends. */
    static final int RESEND_MAX = 10_000;
    /** Each is a transaction of its own. */
    static final int CANCEL_MAX = 1_000;

    private static final int CHUNK = 500;
    /** Maximum of pages that one call searches, for filters with few matches. */
    private static final int PAGES_MAX = 100;

    private final Engine engine;
    private final NotificationService notifications;
    private final MerchantCache merchantCache;
    private final AuditRecorder audit;

    ResendService(Engine engine, NotificationService notifications, MerchantCache merchantCache, AuditRecorder audit) {
        this.engine = engine;
        this.notifications = notifications;
        this.merchantCache = merchantCache;
        this.audit = audit;
    }

    /**
     * Resends a notification at once.
     *
     * @param url another address; null: as the notification was addressed
     * @throws dev.rung.web.ProblemException 404, or 409 if its receiver was deleted
     */
    public void resend(Caller caller, NotificationId id, @Nullable String url) {
        NotificationDetail found = notifications.find(caller, id);
        if (!hasReceiver(found)) {
            throw Problem.conflict("receiver_deleted", "The receiver of the notification was deleted.")
                    .asException();
        }
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

    private boolean hasReceiver(NotificationDetail n) {
        return merchantCache
                .find(n.merchantId())
                .map(m -> m.receiver(n.receiver()))
                .isPresent();
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
     * Which notifications to resend or cancel.
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
            fields.require("state");
            return read(caller, fields, null);
        }

        /**
         * Reads a request to cancel: only waiting notifications can be.
         *
         * @throws dev.rung.web.ProblemException 422
         */
        static BulkRequest readCancel(Caller caller, FieldReader fields) {
            return read(caller, fields, DeliveryState.WAITING);
        }

        private static BulkRequest read(Caller caller, FieldReader fields, @Nullable DeliveryState only) {
            MerchantId merchant = fields.text("merchant_id", MerchantId::parse);
            DeliveryState given = fields.text("state", text -> CodedEnum.ofText(DeliveryState.class, text));
            if (only != null && given != null && given != only) {
                fields.wrong("state", "not_one_of", "is not waiting", only.text());
            }
            DeliveryState state = given == null ? only : given;
            Filter filter = new Filter(
                    merchant == null ? caller.merchant() : merchant,
                    fields.text("endpoint_id", EndpointId::parse),
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
     * @param verb {@code resent} or {@code cancelled}
     * @param changed how many were
     * @param nextCursor for the next call; null if there is nothing left
     */
    public record BulkResult(
            int matched, String verb, int changed, @Nullable String nextCursor) {
        void write(JsonGenerator g) {
            g.writeStartObject();
            g.writeNumberProperty("matched", matched);
            g.writeNumberProperty(verb, changed);
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
        return bulk(caller, request, "resent", RESEND_MAX, page -> {
            List<NotificationDetail> possible =
                    page.stream().filter(this::hasReceiver).toList();
            return (int) engine.resend(possible, null, false).stream()
                    .filter(found -> found)
                    .count();
        });
    }

    /**
     * Cancels up to {@value #CANCEL_MAX} waiting notifications.
     *
     * @throws dev.rung.web.ProblemException 404 if the filter names another merchant than the caller's
     */
    public BulkResult cancelMany(Caller caller, BulkRequest request) {
        return bulk(caller, request, "cancelled", CANCEL_MAX, page -> (int) page.stream()
                .filter(each -> engine.cancel(each) == Cancellation.CANCELLED)
                .count());
    }

    private BulkResult bulk(
            Caller caller, BulkRequest request, String verb, int max, ToIntFunction<List<NotificationDetail>> change) {
        NotificationId next = request.before();
        int pages = 0;
        int matched = 0;
        int changed = 0;
        do {
            Page page = notifications.search(caller, request.filter(), next, Math.min(CHUNK, max - matched));
            if (!request.dryRun() && !page.data().isEmpty()) {
                changed += change.applyAsInt(page.data());
            }
            pages++;
            matched += page.data().size();
            next = page.next();
        } while (next != null && pages < PAGES_MAX && matched < max);
        BulkResult result = new BulkResult(
                matched, verb, changed, next == null ? null : Cursors.of(Cursors.Kind.RESEND, next.value()));
        if (!request.dryRun()) {
            String action = verb.equals("resent") ? "notification.resend_many" : "notification.cancel_many";
            audit.write(caller, action, request.target(), result::write);
        }
        return result;
    }
}
