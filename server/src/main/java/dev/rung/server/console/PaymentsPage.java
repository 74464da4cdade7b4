package dev.rung.server.console;

import dev.rung.core.model.Coded;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Payments, searched for. Pages of a list are told apart by where they begin, so that the thousandth costs what the first does. */
final class PaymentsPage {
    private static final int LIMIT = 50;
    private static final int ROWS_MAX = LIMIT;
    /** A filter that matches little looks on for so long before it shows what it has and lets the person decide. */
    private static final long LOOK_ON_MILLIS = 120;
    /** How many open discrepancies are told apart. */
    static final int OPEN_COUNTED_MAX = 100;

    private final PaymentStore store;
    private final Set<String> channels;
    private final MerchantNames names;
    private final InstantSource clock;

    /**
     * @param channels this server's; payments of others can still be found by what is known of them
     */
    PaymentsPage(PaymentStore store, Set<String> channels, MerchantNames names, InstantSource clock) {
        this.store = store;
        this.channels = new TreeSet<>(channels);
        this.names = names;
        this.clock = clock;
    }

    /** A payment in a list. */
    public record Row(
            String id,
            String state,
            String outTradeNo,
            String subject,
            String amount,
            String channel,
            String merchantId,
            String merchant,
            long createdAt,
            long expiresAt,
            @Nullable Long paidAt,
            boolean isLive) {}

    /** How many are in a state. */
    public record Count(String state, long count) {}

    /**
     * Rows, and how to see whether they have changed.
     *
     * @param ids of all, as a request names them; empty where none can change any more
     * @param seen a digest of what they show
     */
    public record Rows(List<Row> all, String ids, String seen) {}

    /** {@code GET /payments} */
    Reply show(Visit visit) {
        Form query = visit.query();
        // An order's number may look like an id.
        Optional<Payment> one =
                query.text("q").flatMap(text -> parsed(text, PaymentId::parse)).flatMap(store::find);
        if (one.isPresent()) {
            return new Reply.Redirect("/payments/" + one.get().id());
        }
        Map<String, Object> model = new HashMap<>();
        for (String name : List.of("q", "merchant", "channel", "state")) {
            model.put(name, query.shown(name));
        }
        model.put("states", PaymentState.values());
        model.put("channels", channels);
        model.put("counts", visit.wantsPart() ? List.of() : counts());
        model.put("open", visit.wantsPart() ? 0 : store.openDiscrepancies(OPEN_COUNTED_MAX));
        model.put("unknownMerchant", false);
        find(query, model);
        return Reply.html(visit.wantsPart() ? "payments :: results" : "payments", model);
    }

    private List<Count> counts() {
        Map<PaymentState, Long> byState = store.countByState();
        return Arrays.stream(PaymentState.values())
                .map(state -> new Count(state.text(), byState.getOrDefault(state, 0L)))
                .toList();
    }

    private void find(Form query, Map<String, Object> model) {
        MerchantId merchant = query.text("merchant").map(names::find).orElse(null);
        PaymentId before = query.text("before")
                .flatMap(text -> parsed(text, PaymentId::parse))
                .orElse(null);
        List<Payment> found = new ArrayList<>();
        PaymentId next = null;
        if (merchant == null && query.text("merchant").isPresent()) {
            model.put("unknownMerchant", true);
        } else {
            PaymentFilter filter = new PaymentFilter(
                    merchant,
                    query.text("q").orElse(null),
                    query.text("channel").orElse(null),
                    query.text("state")
                            .flatMap(text -> parsed(text, t -> Coded.ofText(PaymentState.class, t)))
                            .orElse(null),
                    null,
                    null);
            next = search(filter, before, found);
        }
        model.put("rows", rows(found));
        model.put("next", next == null ? "" : next.toString());
        model.put("short", next != null && found.size() < LIMIT);
        model.put("first", before == null);
        model.put("address", address(query));
    }

    /** Fills a page, as far as that can be done quickly; answers where to go on, null at the end. */
    private @Nullable PaymentId search(PaymentFilter filter, @Nullable PaymentId before, List<Payment> found) {
        long until = clock.millis() + LOOK_ON_MILLIS;
        PaymentId next = before;
        do {
            Page<Payment, PaymentId> page = store.list(filter, next, LIMIT - found.size());
            found.addAll(page.items());
            next = page.next();
        } while (next != null && found.size() < LIMIT && clock.millis() < until);
        return next;
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
        StringBuilder address = new StringBuilder("/payments?");
        for (String name : List.of("q", "merchant", "channel", "state")) {
            query.text(name)
                    .ifPresent(value -> address.append(name)
                            .append('=')
                            .append(format.url(value))
                            .append('&'));
        }
        return address.toString();
    }

    /** {@code GET /payments/rows}: some of a list as they are now, if they are not as they were seen. */
    Reply rows(Visit visit) {
        List<Payment> found = Arrays.stream(visit.query().shown("ids").split(",", ROWS_MAX + 1))
                .limit(ROWS_MAX)
                .flatMap(text -> parsed(text, PaymentId::parse).stream())
                .flatMap(id -> store.find(id).stream())
                .toList();
        Rows rows = rows(found);
        if (rows.seen().equals(visit.query().shown("seen"))) {
            return new Reply.Unchanged(rows.ids().isEmpty());
        }
        return Reply.html("payments :: rows", Map.of("rows", rows));
    }

    private Rows rows(List<Payment> found) {
        List<Row> rows = found.stream().map(this::row).toList();
        boolean live = rows.stream().anyMatch(Row::isLive);
        String ids = live ? String.join(",", rows.stream().map(Row::id).toList()) : "";
        return new Rows(rows, ids, Integer.toHexString(Objects.hash(rows.toArray())));
    }

    private Row row(Payment p) {
        Payment.Order order = p.order();
        return new Row(
                p.id().toString(),
                p.state().text(),
                order.outTradeNo(),
                order.subject(),
                Format.money(order.amount()),
                order.channel(),
                order.merchantId().toString(),
                names.name(order.merchantId()),
                p.createdAt().toEpochMilli(),
                p.expiresAt().toEpochMilli(),
                millis(p.paidAt()),
                !p.state().isFinal());
    }

    static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }
}
