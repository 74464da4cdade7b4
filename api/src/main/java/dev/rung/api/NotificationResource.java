package dev.rung.api;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.core.port.NotificationStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import dev.rung.web.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads notifications: one with its attempts, its payload, and lists. */
final class NotificationResource {
    static final int LIMIT_DEFAULT = 50;
    static final int LIMIT_MAX = 1_000;

    private final NotificationCatalog catalog;
    private final NotificationStore store;
    private final MerchantCache directory;

    NotificationResource(NotificationCatalog catalog, NotificationStore store, MerchantCache directory) {
        this.catalog = catalog;
        this.store = store;
        this.directory = directory;
    }

    /** {@code GET /v1/notifications/{id}} */
    ApiResponse get(ApiRequest call) {
        Whole found = idOf(call)
                .flatMap(catalog::whole)
                .filter(whole -> isFor(call, whole.notification()))
                .orElseThrow(() -> unknown().asException());
        return ApiResponse.json(200, g -> write(g, found.notification(), found.attempts()));
    }

    /** {@code GET /v1/notifications/{id}/payload}: the payload's bytes, as plain text. */
    ApiResponse payload(ApiRequest call) {
        byte[] payload = store.payload(find(call).id());
        if (payload == null) {
            throw unknown().asException();
        }
        return new ApiResponse.Whole(200, "text/plain; charset=utf-8", payload, Map.of());
    }

    /** {@code GET /v1/notifications} */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        Filter filter = new Filter(
                merchant == null ? call.caller().merchantOrNull() : merchant,
                query.text("order_no", FieldValidators::orderNo),
                query.text("state", text -> CodedEnum.ofText(NotificationState.class, text)),
                query.text("event_type", FieldValidators::eventType),
                millis(query.text("created_from", Timestamps::parse)),
                millis(query.text("created_to", Timestamps::parse)));
        int limit = query.integer("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        NotificationId before = query.text("cursor", text -> Cursors.notification(Cursors.Kind.NOTIFICATIONS, text));
        query.refuseOthers();
        errors.check();
        if (merchant != null && !call.caller().sees(merchant)) {
            throw MerchantsResource.unknown().asException();
        }
        Page page = catalog.search(filter, before, limit);
        return ApiResponse.json(200, g -> writePage(g, page));
    }

    private void writePage(JsonGenerator g, Page page) {
        NotificationId next = page.next();
        JsonWriter.page(g, next == null ? null : Cursors.of(Cursors.Kind.NOTIFICATIONS, next.value()), items -> {
            for (NotificationDetail each : page.data()) {
                items.writeStartObject();
                NotificationJson.members(items, each, directory);
                items.writeEndObject();
            }
        });
    }

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    /**
     * The notification of the path, if the caller may see it.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    NotificationDetail find(ApiRequest call) {
        return idOf(call)
                .flatMap(catalog::find)
                .filter(n -> isFor(call, n))
                .orElseThrow(() -> unknown().asException());
    }

    private static boolean isFor(ApiRequest call, NotificationDetail n) {
        return n.kind() == DeliveryKind.NOTIFICATION && call.caller().sees(n.merchantId());
    }

    private static Optional<NotificationId> idOf(ApiRequest call) {
        try {
            return Optional.of(NotificationId.parse(call.variable("id")));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an invalid id does not exist
        }
    }

    static Problem unknown() {
        return Problem.notFound("Notification not found.");
    }

    /** Responds with the current state of a notification. */
    ApiResponse show(int status, NotificationId id) {
        return ApiResponse.json(status, g -> write(g, id));
    }

    /** Writes the current state of a notification. */
    void write(JsonGenerator g, NotificationId id) {
        Whole found = catalog.whole(id).orElseThrow(() -> unknown().asException());
        write(g, found.notification(), found.attempts());
    }

    /** Writes a notification with its attempts. */
    void write(JsonGenerator g, NotificationDetail notification, List<Attempt> attempts) {
        NotificationJson.whole(g, notification, attempts, directory);
    }
}
