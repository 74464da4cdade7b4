package dev.rung.server.console;

import dev.rung.core.model.Coded;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.server.api.Parts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Payments, searched for, and how many are in each state. */
final class PaymentsPage {
    private static final int LIMIT = 50;

    private final PaymentStore store;
    private final MerchantNames names;

    PaymentsPage(Parts parts, MerchantNames names) {
        this.store = parts.paymentStore();
        this.names = names;
    }

    /** A payment in the list. */
    public record Row(Payment payment, String merchant, String link) {}

    /** How many are in a state. */
    public record Count(String state, long count) {}

    /** {@code GET /payments} */
    Reply show(Visit visit) {
        Form query = visit.query();
        Optional<PaymentId> id = query.text("q").flatMap(text -> parsed(text, PaymentId::parse));
        if (id.isPresent()) {
            return new Reply.Redirect("/payments/" + id.get());
        }
        MerchantId merchant = query.text("merchant").map(names::find).orElse(null);
        boolean unknownMerchant = merchant == null && query.text("merchant").isPresent();
        PaymentId before = query.text("before")
                .flatMap(text -> parsed(text, PaymentId::parse))
                .orElse(null);
        PaymentFilter filter = new PaymentFilter(
                merchant,
                query.text("q").orElse(null),
                query.text("channel").orElse(null),
                query.text("state")
                        .flatMap(text -> parsed(text, t -> Coded.ofText(PaymentState.class, t)))
                        .orElse(null),
                null,
                null);
        Page<Payment, PaymentId> page =
                unknownMerchant ? new Page<>(List.of(), null) : store.list(filter, before, LIMIT);
        PaymentId next = page.next();
        Map<String, Object> model = new HashMap<>();
        for (String name : List.of("q", "merchant", "state", "channel")) {
            model.put(name, query.shown(name));
        }
        model.put("states", PaymentState.values());
        model.put("unknownMerchant", unknownMerchant);
        model.put("rows", page.items().stream().map(this::row).toList());
        model.put("next", next == null ? "" : next.toString());
        model.put("short", next != null && page.items().size() < LIMIT);
        model.put("first", before == null);
        model.put("address", address(query));
        model.put("counts", visit.wantsPart() ? List.of() : counts());
        return Reply.html(visit.wantsPart() ? "payments :: results" : "payments", model);
    }

    private static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the form offers what can be read; an address made up by hand narrows nothing
        }
    }

    private List<Count> counts() {
        Map<PaymentState, Long> byState = store.countByState();
        List<Count> counts = new ArrayList<>();
        for (PaymentState state : PaymentState.values()) {
            counts.add(new Count(state.text(), byState.getOrDefault(state, 0L)));
        }
        return counts;
    }

    private static String address(Form query) {
        StringBuilder address = new StringBuilder("/payments?");
        for (String name : List.of("q", "merchant", "state", "channel")) {
            query.text(name)
                    .ifPresent(value -> address.append(name)
                            .append('=')
                            .append(Changes.step(value))
                            .append('&'));
        }
        return address.toString();
    }

    private Row row(Payment payment) {
        MerchantId merchant = payment.order().merchantId();
        return new Row(
                payment,
                names.name(merchant),
                "/orders/" + merchant + "/" + Changes.step(payment.order().outTradeNo()));
    }
}
