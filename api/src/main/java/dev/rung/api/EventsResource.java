package dev.rung.api;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Event;
import dev.rung.observability.StreamHub;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event feed, which never skips an item, and the stream of current events. */
final class EventsResource {
    private final NotificationCatalog catalog;
    private final MerchantCache directory;
    private final StreamHub hub;

    EventsResource(ApiDependencies parts) {
        this.catalog = parts.catalog();
        this.directory = parts.directory();
        this.hub = parts.hub();
    }

    /**
     * {@code GET /v1/events}
     *
     * <p>Each item has its cursor. The page's cursor is that of its last item; an empty page has none.
     */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        MerchantId merchant = merchant(call, query, errors);
        String after = query.text("after", text -> Cursors.place(Cursors.Kind.EVENTS, text));
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        query.refuseOthers();
        errors.check();
        if (merchant == null
                || !call.caller().sees(merchant)
                || directory.find(merchant).isEmpty()) {
            throw MerchantsResource.unknown().asException();
        }
        List<Event> events = events(merchant, after, limit);
        String next = events.isEmpty() ? null : cursor(events.getLast());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(g, next, items -> {
                    for (Event event : events) {
                        items.writeStartObject();
                        NotificationJson.members(items, event.notification(), directory);
                        items.writeStringProperty("cursor", cursor(event));
                        items.writeEndObject();
                    }
                }));
    }

    /** Rejects valid cursors of another store, for example after a move to another database. */
    private List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        try {
            return catalog.events(merchant, after, limit);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("after", String.valueOf(e.getMessage())).asException();
        }
    }

    private static @Nullable MerchantId merchant(ApiRequest call, QueryParameters query, FieldErrors errors) {
        String text = query.text("merchant_id");
        if (text == null) {
            if (call.caller().merchantOrNull() == null) {
                errors.add("merchant_id", "is required");
            }
            return call.caller().merchantOrNull();
        }
        try {
            return MerchantId.parse(text);
        } catch (IllegalArgumentException e) {
            errors.add("merchant_id", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static String cursor(Event event) {
        return Cursors.of(Cursors.Kind.EVENTS, event.cursor());
    }

    /** {@code GET /v1/stream} */
    ApiResponse stream(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        query.refuseOthers();
        errors.check();
        if (merchant != null
                && (!call.caller().sees(merchant) || directory.find(merchant).isEmpty())) {
            throw MerchantsResource.unknown().asException();
        }
        return hub.subscribe(merchant == null ? call.caller().merchantOrNull() : merchant)
                .<ApiResponse>map(subscription -> new ApiResponse.Streamed("text/event-stream", subscription))
                .orElseThrow(() ->
                        Problem.unavailable("Too many streams are open.", 10).asException());
    }
}
