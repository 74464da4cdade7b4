package dev.rung.api;

import dev.rung.api.ResendService.BulkRequest;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.QueryParameters;
import dev.rung.web.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Reads, resends and cancels notifications. {@link IntakeFilter} accepts them. */
@RestController
@RequestMapping("/v1/notifications")
final class NotificationController {
    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final NotificationService notifications;
    private final ResendService resends;
    private final UrlCheck urls;
    private final MerchantCache merchantCache;

    NotificationController(
            NotificationService notifications, ResendService resends, UrlCheck urls, MerchantCache merchantCache) {
        this.notifications = notifications;
        this.resends = resends;
        this.urls = urls;
        this.merchantCache = merchantCache;
    }

    @GetMapping
    JsonWriter.Content list(@AuthenticationPrincipal Caller caller, QueryParameters query) {
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        Filter filter = new Filter(
                merchant == null ? caller.merchant() : merchant,
                query.text("endpoint_id", EndpointId::parse),
                query.text("order_no", FieldValidators::orderNo),
                query.text("state", text -> CodedEnum.ofText(DeliveryState.class, text)),
                query.text("event_type", FieldValidators::eventType),
                millis(query.text("created_from", Timestamps::parse)),
                millis(query.text("created_to", Timestamps::parse)));
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        NotificationId before = query.text("cursor", text -> Cursors.notification(Cursors.Kind.NOTIFICATIONS, text));
        query.finish();
        Page page = notifications.search(caller, filter, before, limit);
        NotificationId next = page.next();
        String cursor = next == null ? null : Cursors.of(Cursors.Kind.NOTIFICATIONS, next.value());
        return g -> JsonWriter.page(g, cursor, items -> {
            for (NotificationDetail each : page.data()) {
                items.writeStartObject();
                NotificationJson.members(items, each, merchantCache);
                items.writeEndObject();
            }
        });
    }

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        return shown(notifications.whole(caller, id));
    }

    /** The payload's bytes, as plain text. */
    @GetMapping("/{id}/payload")
    ResponseEntity<byte[]> payload(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        return ResponseEntity.ok().contentType(TEXT).body(notifications.payload(caller, id));
    }

    /** Resends it, to another address if the body names one. */
    @PostMapping("/{id}/resend")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JsonWriter.Content resend(
            @AuthenticationPrincipal Caller caller, @PathVariable NotificationId id, @OptionalBody FieldReader fields) {
        String url = urls.read(fields, "url");
        fields.finish();
        resends.resend(caller, id, url);
        return shown(notifications.current(id));
    }

    @PostMapping("/{id}/cancel")
    JsonWriter.Content cancel(
            @AuthenticationPrincipal Caller caller, @PathVariable NotificationId id, @OptionalBody FieldReader fields) {
        fields.finish();
        resends.cancel(caller, id);
        return shown(notifications.current(id));
    }

    @PostMapping("/resend")
    JsonWriter.Content resendMany(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return resends.resendMany(caller, BulkRequest.read(caller, fields))::write;
    }

    @PostMapping("/cancel")
    JsonWriter.Content cancelMany(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return resends.cancelMany(caller, BulkRequest.readCancel(caller, fields))::write;
    }

    private JsonWriter.Content shown(Whole found) {
        return g -> NotificationJson.whole(g, found.notification(), found.attempts(), merchantCache);
    }
}
