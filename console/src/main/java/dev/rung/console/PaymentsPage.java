package dev.rung.console;

import dev.rung.console.ListPage.Found;
import dev.rung.console.ListPage.Rows;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.web.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The search page of payments. */
@Lazy
@Controller
@RequestMapping("/payments")
final class PaymentsPage {
    private static final ListPage LISTING = new ListPage("/payments", List.of("q", "merchant", "channel", "state"));

    /** Open discrepancies are counted up to this number. */
    static final int OPEN_COUNTED_MAX = 100;

    private final PaymentStore store;
    private final Set<String> channels;
    private final MerchantNames names;
    private final InstantSource clock;

    PaymentsPage(PaymentStore store, Payments payments, MerchantNames names, InstantSource clock) {
        this.store = store;
        this.channels = new TreeSet<>(payments.channels()); // payments of other channels can be found too
        this.names = names;
        this.clock = clock;
    }

    /** A payment in the list. */
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
            boolean isLive)
            implements ListPage.Row {}

    /** The number of payments in a state. */
    public record Count(String state, long count) {}

    @GetMapping
    ModelAndView show(@AuthenticationPrincipal Caller caller, Form query, Htmx htmx) {
        // An order number may look like an id, so a miss goes on to the search.
        Optional<Payment> one = query.parsedText("q", PaymentId::parse).flatMap(id -> find(caller, id));
        if (one.isPresent()) {
            return Views.redirect("/payments/" + one.get().id());
        }
        MerchantId merchant = names.wanted(caller, query);
        boolean unknownMerchant = merchant == null && query.text("merchant").isPresent();
        Found<Payment, PaymentId> found = unknownMerchant ? Found.nothing() : search(query, merchant);
        Map<String, Object> model = new HashMap<>();
        LISTING.putFields(model, query);
        LISTING.put(model, query, found, rows(found.items()));
        model.put("states", PaymentState.values());
        boolean ofAll = caller.merchant() == null && !htmx.wantsPart();
        model.put("channels", caller.merchant() == null ? channels : Set.of());
        model.put("counts", ofAll ? counts() : List.of());
        model.put("open", ofAll ? store.openDiscrepancies(OPEN_COUNTED_MAX) : 0);
        model.put("unknownMerchant", unknownMerchant);
        return Views.page(htmx.wantsPart() ? "payments :: results" : "payments", model);
    }

    private List<Count> counts() {
        Map<PaymentState, Long> byState = store.countByState();
        return Arrays.stream(PaymentState.values())
                .map(state -> new Count(state.text(), byState.getOrDefault(state, 0L)))
                .toList();
    }

    /** By the merchant's number, or else the channel's, or else what the merchant has attached. */
    private Found<Payment, PaymentId> search(Form query, @Nullable MerchantId merchant) {
        String q = query.text("q").orElse(null);
        PaymentId before = query.parsedText("before", PaymentId::parse).orElse(null);
        Found<Payment, PaymentId> found = search(filter(query, merchant, q, null, null), before);
        if (q != null && found.items().isEmpty()) {
            found = search(filter(query, merchant, null, q, null), before);
            if (found.items().isEmpty()) {
                found = search(filter(query, merchant, null, null, q), before);
            }
        }
        return found;
    }

    private static PaymentFilter filter(
            Form query,
            @Nullable MerchantId merchant,
            @Nullable String outTradeNo,
            @Nullable String channelTradeNo,
            @Nullable String attach) {
        return new PaymentFilter(
                merchant,
                outTradeNo,
                query.text("channel").orElse(null),
                query.parsedText("state", t -> CodedEnum.ofText(PaymentState.class, t))
                        .orElse(null),
                null,
                null,
                channelTradeNo,
                attach);
    }

    private Found<Payment, PaymentId> search(PaymentFilter filter, @Nullable PaymentId before) {
        return ListPage.fill(clock, before, (next, most) -> {
            Page<Payment, PaymentId> page = store.list(filter, next, most);
            return new Found<>(page.items(), page.next());
        });
    }

    /** Rows of the list, if they have changed. */
    @GetMapping("/rows")
    ModelAndView rows(@AuthenticationPrincipal Caller caller, Form query) {
        return ListPage.refreshed(
                query, "payments :: rows", rows(ListPage.named(query, PaymentId::parse, id -> find(caller, id))));
    }

    private Optional<Payment> find(Caller caller, PaymentId id) {
        return store.find(id).filter(payment -> caller.sees(payment.order().merchantId()));
    }

    private Rows rows(List<Payment> found) {
        return Rows.of(found.stream().map(this::row).toList());
    }

    private Row row(Payment p) {
        Payment.Order order = p.order();
        return new Row(
                p.id().toString(),
                p.state().text(),
                order.outTradeNo(),
                order.subject(),
                PageFormat.money(order.amount()),
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
