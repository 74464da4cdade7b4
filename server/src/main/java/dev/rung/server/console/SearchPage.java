package dev.rung.server.console;

import dev.rung.core.model.Coded;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.model.Place;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.server.api.Parts;
import dev.rung.server.http.Times;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Notifications, searched for. Pages of a list are told apart by where they begin, so that the thousandth costs what the first does. */
final class SearchPage {
    private static final int LIMIT = 50;
    private static final int ROWS_MAX = LIMIT;
    /** A filter that matches little looks on for so long before it shows what it has and lets the person decide. */
    private static final long LOOK_ON_MILLIS = 120;

    private final NotificationCatalog catalog;
    private final MerchantNames names;
    private final InstantSource clock;

    SearchPage(Parts parts, MerchantNames names) {
        this.catalog = parts.catalog();
        this.names = names;
        this.clock = parts.clock();
    }

    /**
     * A notification in a list.
     *
     * @param held by what: {@code merchant} or {@code order}; empty: by nothing
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
            String held) {
        public boolean isLive() {
            return nextAttemptAt != null;
        }
    }

    /**
     * Rows, and how to see whether they have changed.
     *
     * @param ids of all, as a request names them; empty where none can change any more
     * @param seen a digest of what they show
     */
    public record Rows(List<Row> all, String ids, String seen) {}

    /** {@code GET /notifications} */
    Reply show(Visit visit) {
        Form query = visit.query();
        // An order's number may look like an id.
        Optional<NotificationDetail> one = query.text("q")
                .flatMap(text -> parsed(text, NotificationId::parse))
                .flatMap(catalog::find)
                .filter(n -> !n.merchantId().isReserved());
        if (one.isPresent()) {
            return new Reply.Redirect("/notifications/" + one.get().id());
        }
        Map<String, Object> model = new HashMap<>();
        model.put("q", query.shown("q"));
        model.put("merchant", query.shown("merchant"));
        model.put("state", query.shown("state"));
        model.put("type", query.shown("type"));
        model.put("from", query.shown("from"));
        model.put("to", query.shown("to"));
        model.put("states", NotificationState.values());
        model.put("unknownMerchant", false);
        find(query, model);
        return Reply.html(visit.wantsPart() ? "notifications :: results" : "notifications", model);
    }

    private void find(Form query, Map<String, Object> model) {
        MerchantId merchant = query.text("merchant").map(names::find).orElse(null);
        NotificationId before = query.text("before")
                .flatMap(text -> parsed(text, NotificationId::parse))
                .orElse(null);
        List<NotificationDetail> found = new ArrayList<>();
        NotificationId next = null;
        if (merchant == null && query.text("merchant").isPresent()) {
            model.put("unknownMerchant", true);
        } else {
            Filter filter = new Filter(
                    merchant,
                    query.text("q").orElse(null),
                    query.text("state")
                            .flatMap(text -> parsed(text, t -> Coded.ofText(NotificationState.class, t)))
                            .orElse(null),
                    query.text("type").orElse(null),
                    millis(query, "from"),
                    millis(query, "to"));
            next = search(filter, before, found);
        }
        model.put("rows", rows(found));
        model.put("next", next == null ? "" : next.toString());
        model.put("short", next != null && found.size() < LIMIT);
        model.put("first", before == null);
        model.put("address", address(query));
    }

    /** Fills a page, as far as that can be done quickly; answers where to go on, null at the end. */
    private @Nullable NotificationId search(
            Filter filter, @Nullable NotificationId before, List<NotificationDetail> found) {
        long until = clock.millis() + LOOK_ON_MILLIS;
        NotificationId next = before;
        do {
            Page page = catalog.search(filter, next, LIMIT - found.size());
            found.addAll(page.data());
            next = page.next();
        } while (next != null && found.size() < LIMIT && clock.millis() < until);
        return next;
    }

    private static @Nullable Long millis(Form query, String name) {
        return query.text(name)
                .flatMap(text -> parsed(text, Times::parse))
                .map(at -> at.toEpochMilli())
                .orElse(null);
    }

    private static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the form offers what can be read; an address made up by hand narrows nothing
        }
    }

    /** The search without its place, to be followed by one. */
    private static String address(Form query) {
        Format format = new Format();
        StringBuilder address = new StringBuilder("/notifications?");
        for (String name : List.of("q", "merchant", "state", "type", "from", "to")) {
            query.text(name)
                    .ifPresent(value -> address.append(name)
                            .append('=')
                            .append(format.url(value))
                            .append('&'));
        }
        return address.toString();
    }

    /** {@code GET /notifications/rows}: some of a list as they are now, if they are not as they were seen. */
    Reply rows(Visit visit) {
        List<NotificationDetail> found = Arrays.stream(
                        visit.query().shown("ids").split(",", ROWS_MAX + 1))
                .limit(ROWS_MAX)
                .flatMap(text -> parsed(text, NotificationId::parse).stream())
                .flatMap(id -> catalog.find(id).stream())
                .toList();
        Rows rows = rows(found);
        if (rows.seen().equals(visit.query().shown("seen"))) {
            return new Reply.Unchanged(rows.ids().isEmpty());
        }
        return Reply.html("notifications :: rows", Map.of("rows", rows));
    }

    Rows rows(List<NotificationDetail> found) {
        List<Row> rows = found.stream().map(this::row).toList();
        boolean live = rows.stream().anyMatch(Row::isLive);
        String ids = live ? String.join(",", rows.stream().map(Row::id).toList()) : "";
        return new Rows(rows, ids, Integer.toHexString(Objects.hash(rows.toArray())));
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
                held(n));
    }

    /** What keeps an owed attempt from being made though it may be due. */
    static String held(NotificationDetail n) {
        if (n.nextAttemptAt() == null) {
            return "";
        }
        return n.place() == Place.HELD_BY_MERCHANT ? "merchant" : n.place() == Place.HELD_BY_ORDER ? "order" : "";
    }
}
