package dev.rung.console;

import dev.rung.api.PaymentService;
import dev.rung.api.RefundService;
import dev.rung.api.Timeline;
import dev.rung.api.Timeline.Entry;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The page of an order: its payment, its notifications and their common timeline. An order whose payment is handled by another system has only
 * notifications.
 */
@Lazy
@Controller
final class OrderPage {
    private final PaymentStore store;
    private final NotificationCatalog catalog;
    private final Timeline timeline;
    private final MerchantNames names;
    private final ConsoleMessages messages;
    private final PaymentService payments;
    private final RefundService refunds;
    private final InstantSource clock;

    OrderPage(
            PaymentStore store,
            NotificationCatalog catalog,
            Timeline timeline,
            MerchantNames names,
            ConsoleMessages messages,
            PaymentService payments,
            RefundService refunds,
            InstantSource clock) {
        this.store = store;
        this.catalog = catalog;
        this.timeline = timeline;
        this.names = names;
        this.messages = messages;
        this.payments = payments;
        this.refunds = refunds;
        this.clock = clock;
    }

    /**
     * A state of the payment in the progress bar.
     *
     * @param kind {@code past}, {@code now} or {@code ahead}
     * @param at when the payment reached the state; null if unknown or not reached
     */
    public record Stage(String state, String kind, @Nullable Long at) {}

    /** A refund in the list. */
    public record RefundRow(
            String id,
            String number,
            String amount,
            String state,
            boolean madeAtChannel,
            String failure,
            boolean waits,
            String requestedBy,
            String approvedBy) {
        static RefundRow of(Refund refund) {
            Refund.Terms terms = refund.terms();
            return new RefundRow(
                    refund.id().toString(),
                    TimelineView.refundName(refund),
                    PageFormat.money(terms.amount()),
                    refund.state().text(),
                    terms.channelNumber() != null,
                    refund.failure() == null ? "" : refund.failure(),
                    refund.isWaitingForApproval(),
                    refund.approval() == null ? "" : refund.approval().requestedBy(),
                    Optional.ofNullable(refund.approval())
                            .map(Approval::approvedBy)
                            .orElse(""));
        }
    }

    /** What can still be refunded, in major units; empty if nothing can. */
    private static String refundable(Payment payment) {
        long value = payment.funds().refundable();
        return value == 0 ? "" : new Money(value, payment.order().amount().currency()).major();
    }

    /** Everything the page shows about an order. */
    private record OrderData(
            MerchantId merchant,
            String orderNo,
            @Nullable Payment payment,
            @Nullable NotificationDetail query,
            List<Refund> refunds,
            List<NotificationDetail> notifications,
            List<Entry> entries) {

        /** Whether the order can still change. */
        boolean isLive() {
            return payment != null && !payment.state().isFinal()
                    || refunds.stream().anyMatch(refund -> !refund.state().isFinal())
                    || notifications.stream().anyMatch(n -> n.nextAttemptAt() != null);
        }

        /** A hash of everything that can change. */
        String seen() {
            int notificationsHash = notifications.stream()
                    .mapToInt(
                            n -> Objects.hash(n.id(), n.state(), n.wakeLocation(), n.attemptsMade(), n.nextAttemptAt()))
                    .reduce(0, (a, b) -> 31 * a + b);
            return Integer.toHexString(Objects.hash(
                    payment == null ? 0 : payment.version(),
                    query == null ? null : query.nextAttemptAt(),
                    refunds.stream().map(Refund::version).toList(),
                    entries.size(),
                    notificationsHash));
        }
    }

    @GetMapping("/payments/{id}")
    ModelAndView show(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, Language language) {
        return Views.page("order", model(language, known(find(caller, id))));
    }

    private OrderData known(Payment payment) {
        Payment.Order order = payment.order();
        List<NotificationDetail> notifications = timeline.notifications(order.merchantId(), order.outTradeNo());
        return new OrderData(
                order.merchantId(),
                order.outTradeNo(),
                payment,
                catalog.find(payment.queryId()).orElse(null),
                timeline.refunds(payment),
                notifications,
                timeline.of(payment, notifications));
    }

    private Map<String, Object> model(Language language, OrderData known) {
        TimelineView timelineView = new TimelineView(messages, language);
        Payment payment = known.payment();
        Map<String, Object> model = new HashMap<>();
        List<TimelineView.Line> lines = timelineView.past(known.entries(), known.notifications());
        model.put("lines", lines);
        model.put("begun", lines.isEmpty() ? null : lines.getLast().at());
        model.put(
                "due",
                timelineView.ahead(payment, known.query(), known.notifications(), names.isPaused(known.merchant())));
        model.put("notifications", known.notifications());
        model.put("live", known.isLive());
        model.put("merchantId", known.merchant());
        model.put("merchant", names.name(known.merchant()));
        model.put("orderNo", known.orderNo());
        if (payment == null) {
            model.put(
                    "liveUrl",
                    "/orders/" + known.merchant() + "?no=" + PageFormat.url(known.orderNo()) + "&seen=" + known.seen());
        } else {
            model.put("liveUrl", "/payments/" + payment.id() + "/live?seen=" + known.seen());
            model.put("p", payment);
            model.put("amount", PageFormat.money(payment.order().amount()));
            model.put("refunds", known.refunds().stream().map(RefundRow::of).toList());
            model.put(
                    "refunded",
                    PageFormat.money(
                            payment.funds().refunded(), payment.order().amount().currency()));
            model.put("refundable", refundable(payment));
            model.put("refundNo", "C" + Long.toString(clock.millis(), 36));
            model.put("stages", stages(payment, known.entries()));
            model.put("summary", summary(payment, known.notifications()));
        }
        return model;
    }

    /** The states the payment has been in, is in and may still reach. */
    private static List<Stage> stages(Payment payment, List<Entry> entries) {
        List<Stage> stages = new ArrayList<>();
        for (PaymentState state : List.of(PaymentState.CREATED, PaymentState.PAYING)) {
            Long at = state == PaymentState.CREATED
                    ? Long.valueOf(payment.createdAt().toEpochMilli())
                    : reached(state, entries);
            boolean now = payment.state() == state;
            boolean ahead = state == PaymentState.PAYING && payment.state() == PaymentState.CREATED;
            // A payment that the channel never accepted skips this state.
            if (now || ahead || at != null || payment.payUrl() != null) {
                stages.add(new Stage(state.text(), now ? "now" : ahead ? "ahead" : "past", at));
            }
        }
        for (PaymentState end : List.of(PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CLOSED)) {
            if (payment.state() == end) {
                stages.add(new Stage(end.text(), "now", reached(end, entries)));
            } else if (!payment.state().isFinal()) {
                stages.add(new Stage(end.text(), "ahead", null));
            }
        }
        return stages;
    }

    private static @Nullable Long reached(PaymentState state, List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry instanceof Entry.Changed(PaymentEvent event) && event.state() == state) {
                return entry.at();
            }
        }
        return null;
    }

    /** Message keys of the summary: the payment's state, and whether the merchant was notified of it. */
    private List<String> summary(Payment payment, List<NotificationDetail> notifications) {
        if (payment.state().isFinal()) {
            String type = "payment." + payment.state().text();
            String notificationState = notifications.stream()
                    .filter(n -> type.equals(n.content().eventType()))
                    .reduce((first, last) -> last)
                    .map(n -> n.state().text())
                    .orElse("gone");
            return List.of("order." + payment.state().text(), "order.notified." + notificationState);
        }
        boolean late = payment.expiresAt().toEpochMilli() <= clock.millis();
        return List.of(
                payment.closeRequestedAt() != null
                        ? "order.closing"
                        : late ? "order.overdue" : "order." + payment.state().text());
    }

    /** The live part of the page, if it has changed. */
    @GetMapping("/payments/{id}/live")
    ModelAndView live(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, Form query, Language language) {
        return part(query, language, known(find(caller, id)));
    }

    private ModelAndView part(Form query, Language language, OrderData known) {
        return known.seen().equals(query.shown("seen"))
                ? Views.unchanged(!known.isLive())
                : Views.page("order :: live", model(language, known));
    }

    /** Finds an order by its order number; redirects to its payment if there is one. */
    @GetMapping("/orders/{merchant}")
    ModelAndView byNumber(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId merchant, Form query, Language language) {
        if (!caller.sees(merchant)) {
            throw unknown().asException();
        }
        String orderNo = query.exact("no"); // spaces are part of the number
        Optional<Payment> payment = store.find(merchant, orderNo);
        if (payment.isPresent()) {
            return Views.redirect("/payments/" + payment.get().id());
        }
        List<NotificationDetail> notifications =
                orderNo.isEmpty() ? List.of() : timeline.notifications(merchant, orderNo);
        if (notifications.isEmpty()) {
            throw unknown().asException();
        }
        OrderData known =
                new OrderData(merchant, orderNo, null, null, List.of(), notifications, timeline.of(notifications));
        return query.has("seen") ? part(query, language, known) : Views.page("order", model(language, known));
    }

    /** Headers and body of a callback, as a part of the page. */
    @GetMapping("/payments/{id}/callbacks/{callback}")
    ModelAndView bytes(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @PathVariable String callback) {
        return Views.page("order :: bytes", Map.of("text", text(callback(caller, id, callback))));
    }

    /** The raw body of a callback. */
    @GetMapping("/payments/{id}/callbacks/{callback}/body")
    ModelAndView body(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @PathVariable String callback) {
        return Views.text(new String(callback(caller, id, callback).body(), StandardCharsets.UTF_8));
    }

    private static String text(StoredCallback callback) {
        String body = new String(callback.body(), StandardCharsets.UTF_8);
        return callback.headers().isEmpty() ? body : callback.headers().strip() + "\n\n" + body;
    }

    private StoredCallback callback(Caller caller, PaymentId payment, String callback) {
        return timeline.callbacks(find(caller, payment)).stream()
                .filter(c -> Long.toString(c.id(), 36).equals(callback))
                .findFirst()
                .orElseThrow(() -> unknown().asException());
    }

    @PostMapping("/payments/{id}/sync")
    ModelAndView sync(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id) {
        payments.sync(caller, id);
        return Views.redirect("/payments/" + id + "?done=synced");
    }

    @PostMapping("/payments/{id}/close")
    ModelAndView close(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id) {
        boolean closed = payments.close(caller, id).state() == PaymentState.CLOSED;
        return Views.redirect("/payments/" + id + "?done=" + (closed ? "closed" : "closing"));
    }

    @PostMapping("/payments/{id}/refunds")
    ModelAndView refund(@AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, Form form) {
        String currency = find(caller, id).order().amount().currency().getCurrencyCode();
        Optional<Money> amount = Form.parsed(form.shown("amount"), text -> Money.parseMajor(text, currency));
        Map<String, Json> members = new HashMap<>();
        members.put("out_refund_no", new Json.Text(form.shown("out_refund_no")));
        // 0 is rejected with the other errors.
        String value = Long.toString(amount.map(Money::value).orElse(0L));
        members.put(
                "amount",
                new Json.Obj(Map.of("value", new Json.Num(value), "currency", new Json.Text(currency)), 0, 0));
        form.text("reason").ifPresent(reason -> members.put("reason", new Json.Text(reason)));
        refunds.create(caller, id, FieldReader.of(members));
        return Views.redirect("/payments/" + id + "?done=refund_requested");
    }

    @PostMapping("/payments/{id}/refunds/{refund}/approve")
    ModelAndView approve(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @PathVariable RefundId refund) {
        refunds.approve(caller, refund);
        return Views.redirect("/payments/" + id + "?done=refund_approved");
    }

    @PostMapping("/payments/{id}/refunds/{refund}/reject")
    ModelAndView reject(
            @AuthenticationPrincipal Caller caller, @PathVariable PaymentId id, @PathVariable RefundId refund) {
        refunds.reject(caller, refund);
        return Views.redirect("/payments/" + id + "?done=refund_rejected");
    }

    private Payment find(Caller caller, PaymentId id) {
        return store.find(id)
                .filter(payment -> caller.sees(payment.order().merchantId()))
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("order_not_found", "Order not found.");
    }
}
