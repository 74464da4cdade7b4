package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Event;
import dev.rung.observability.StreamHub;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The event feed, which never skips an item, and the stream of current events. */
@RestController
final class EventsController {
    private final NotificationCatalog catalog;
    private final MerchantCache merchantCache;
    private final StreamHub hub;

    EventsController(NotificationCatalog catalog, MerchantCache merchantCache, StreamHub hub) {
        this.catalog = catalog;
        this.merchantCache = merchantCache;
        this.hub = hub;
    }

    /** Each item has its cursor. The page's cursor is that of its last item; an empty page has none. */
    @GetMapping("/v1/events")
    JsonWriter.Content list(@AuthenticationPrincipal Caller caller, QueryParameters query) {
        if (caller.merchant() == null) {
            query.require("merchant_id");
        }
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        String after = query.text("after", text -> Cursors.place(Cursors.Kind.EVENTS, text));
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        query.finish();
        MerchantId of = Objects.requireNonNull(merchant == null ? caller.merchant() : merchant);
        checkExists(caller, of);
        List<Event> events = events(of, after, limit);
        String next = events.isEmpty() ? null : cursor(events.getLast());
        return g -> JsonWriter.page(g, next, items -> {
            for (Event event : events) {
                items.writeStartObject();
                NotificationJson.members(items, event.notification(), merchantCache);
                items.writeStringProperty("cursor", cursor(event));
                items.writeEndObject();
            }
        });
    }

    private void checkExists(Caller caller, MerchantId merchant) {
        if (!caller.sees(merchant) || merchantCache.find(merchant).isEmpty()) {
            throw MerchantService.unknown().asException();
        }
    }

    /** Rejects valid cursors of another store, for example after a move to another database. */
    private List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        try {
            return catalog.events(merchant, after, limit);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("after", "invalid_cursor", String.valueOf(e.getMessage()))
                    .asException();
        }
    }

    private static String cursor(Event event) {
        return Cursors.of(Cursors.Kind.EVENTS, event.cursor());
    }

    /** Server-sent events until the reader disconnects, is too slow, or the server stops. */
    @GetMapping("/v1/stream")
    void stream(
            @AuthenticationPrincipal Caller caller,
            QueryParameters query,
            HttpMethod method,
            HttpServletResponse response)
            throws IOException {
        MerchantId merchant = query.text("merchant_id", MerchantId::parse);
        query.finish();
        if (merchant != null) {
            checkExists(caller, merchant);
        }
        try (StreamHub.Subscription subscription = hub.subscribe(
                        caller, merchant == null ? caller.merchant() : merchant)
                .orElseThrow(() -> Problem.unavailable("too_many_streams", "Too many streams are open.", 10)
                        .asException())) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader("Cache-Control", "no-store");
            if (!method.equals(HttpMethod.HEAD)) {
                subscription.writeTo(response.getOutputStream());
            }
        }
    }
}
