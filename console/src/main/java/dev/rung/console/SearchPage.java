package dev.rung.console;

import dev.rung.console.ListPage.Found;
import dev.rung.console.ListPage.Rows;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Hold;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.web.Caller;
import dev.rung.web.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The search page of notifications. */
@Lazy
@Controller
@RequestMapping("/notifications")
final class SearchPage {
    private static final ListPage LISTING =
            new ListPage("/notifications", List.of("q", "merchant", "state", "type", "from", "to"));

    private final NotificationCatalog catalog;
    private final MerchantNames names;
    private final InstantSource clock;

    SearchPage(NotificationCatalog catalog, MerchantNames names, InstantSource clock) {
        this.catalog = catalog;
        this.names = names;
        this.clock = clock;
    }

    /**
     * A notification in a list.
     *
     * @param parked why it is parked, a {@link HoldReason}'s text; empty if it is not
     */
    public record Row(
            String id,
            String state,
            @Nullable String orderNo,
            @Nullable String eventType,
            String merchantId,
            String merchant,
            int attemptsMade,
            int attemptsMax,
            long createdAt,
            @Nullable Long nextAttemptAt,
            @Nullable Long settledAt,
            String parked)
            implements ListPage.Row {
        @Override
        public boolean isLive() {
            return nextAttemptAt != null;
        }
    }

    @GetMapping
    ModelAndView show(@AuthenticationPrincipal Caller caller, Form query, Htmx htmx) {
        // An order number may look like an id, so a miss goes on to the search.
        Optional<NotificationDetail> one =
                query.parsedText("q", NotificationId::parse).flatMap(id -> find(caller, id));
        if (one.isPresent()) {
            return Views.redirect("/notifications/" + one.get().id());
        }
        MerchantId merchant = names.wanted(caller, query);
        boolean unknownMerchant = merchant == null && query.text("merchant").isPresent();
        Found<NotificationDetail, NotificationId> found = unknownMerchant
                ? Found.nothing()
                : search(
                        filter(query, merchant),
                        query.parsedText("before", NotificationId::parse).orElse(null));
        Map<String, Object> model = new HashMap<>();
        LISTING.putFields(model, query);
        LISTING.put(model, query, found, rows(found.items()));
        model.put("states", DeliveryState.values());
        model.put("unknownMerchant", unknownMerchant);
        return Views.page(htmx.wantsPart() ? "notifications :: results" : "notifications", model);
    }

    private static Filter filter(Form query, @Nullable MerchantId merchant) {
        return new Filter(
                merchant,
                query.parsedText("q", EndpointId::parse).orElse(null),
                query.text("q")
                        .filter(q -> Form.parsed(q, EndpointId::parse).isEmpty())
                        .orElse(null),
                query.parsedText("state", t -> CodedEnum.ofText(DeliveryState.class, t))
                        .orElse(null),
                query.text("type").orElse(null),
                millis(query, "from"),
                millis(query, "to"));
    }

    private Found<NotificationDetail, NotificationId> search(Filter filter, @Nullable NotificationId before) {
        return ListPage.fill(clock, before, (next, most) -> {
            Page page = catalog.search(filter, next, most);
            return new Found<>(page.data(), page.next());
        });
    }

    private static @Nullable Long millis(Form query, String name) {
        return query.parsedText(name, Timestamps::parse)
                .map(Instant::toEpochMilli)
                .orElse(null);
    }

    private Optional<NotificationDetail> find(Caller caller, NotificationId id) {
        return catalog.find(id).filter(n -> isFor(caller, n));
    }

    /** Whether it is a notification that the caller sees. */
    static boolean isFor(Caller caller, NotificationDetail n) {
        return n.kind() == DeliveryKind.NOTIFICATION && caller.sees(n.merchantId());
    }

    /** Rows of the list, if they have changed. */
    @GetMapping("/rows")
    ModelAndView rows(@AuthenticationPrincipal Caller caller, Form query) {
        return ListPage.refreshed(
                query,
                "notifications :: rows",
                rows(ListPage.named(query, NotificationId::parse, id -> find(caller, id))));
    }

    private Rows rows(List<NotificationDetail> found) {
        return Rows.of(found.stream().map(this::row).toList());
    }

    private Row row(NotificationDetail n) {
        return new Row(
                n.id().toString(),
                n.state().text(),
                n.content().orderNo(),
                n.content().eventType(),
                n.merchantId().toString(),
                names.name(n.merchantId()),
                n.attemptsMade(),
                n.attemptsMax(),
                n.content().createdAt(),
                n.nextAttemptAt(),
                n.settledAt(),
                parked(n, names.isPaused(n.merchantId())));
    }

    /**
     * Why a delivery is parked; empty if it is not.
     *
     * @param paused whether the merchant is paused
     */
    static String parked(NotificationDetail n, boolean paused) {
        if (n.nextAttemptAt() == null) {
            return "";
        }
        Hold hold = n.hold();
        if (hold == null) {
            return "";
        }
        boolean byMerchant = n.wakeLocation() == WakeLocation.HELD_BY_BULKHEAD;
        return paused && byMerchant ? HoldReason.PAUSE.text() : hold.reason().text();
    }
}
