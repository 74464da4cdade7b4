package dev.rung.payments.history;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.history.BankRefunds.BankRefund;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.Change;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Observes every change of a run's refunds, and checks their invariants at the end. */
final class RefundInvariantChecker {
    private static final int MANY = 100;

    private final PaymentHistory history;
    private final Map<RefundId, Refund> last = new HashMap<>();

    RefundInvariantChecker(PaymentHistory history) {
        this.history = history;
    }

    private RefundStore store() {
        return history.stores().refunds();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** Wraps the store to observe its changes. */
    RefundStore watched() {
        return (RefundStore) Proxy.newProxyInstance(
                RefundStore.class.getClassLoader(), new Class<?>[] {RefundStore.class}, (proxy, method, args) -> {
                    Object answer;
                    try {
                        answer = method.invoke(store(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("change")) {
                        seen(((Change) args[0]).before().id());
                    }
                    return answer;
                });
    }

    private void seen(RefundId id) {
        Refund now = store().find(id).orElseThrow();
        Refund before = last.put(id, now);
        if (before != null && before.state().isFinal()) {
            require(
                    before.state() == now.state()
                            && Objects.equals(before.refundedAt(), now.refundedAt())
                            && Objects.equals(before.channelRefundNo(), now.channelRefundNo()),
                    "a final refund changed: " + before + " became " + now);
        }
    }

    /** The bank's callback about a refund was acknowledged. */
    void acknowledged(BankRefund refund, byte[] body) {
        history.count("refund callbacks acknowledged");
        require(
                history.stores().payments().callbacks(refund.order.id, MANY).stream()
                        .anyMatch(c -> Arrays.equals(c.body(), body)),
                "an acknowledged callback of a refund is not kept");
        Refund known = find(refund.number);
        require(
                known == null ? refund.failed : known.state().isFinal(),
                "an acknowledged callback did not end the refund: " + known);
    }

    private @Nullable Refund find(String number) {
        try {
            return store().find(RefundId.parse(number)).orElse(null);
        } catch (IllegalArgumentException e) {
            return history.inspected().stream()
                    .flatMap(p -> store().findChannelMade(p.id(), number).stream())
                    .findFirst()
                    .orElse(null);
        }
    }

    List<Refund> of(Payment payment) {
        return store().list(payment.id(), null, MANY).items();
    }

    boolean isEverythingOver(List<Payment> payments) {
        return payments.stream()
                .flatMap(p -> of(p).stream())
                .allMatch(refund -> refund.state().isFinal());
    }

    /** Checks the refunds of a payment; fails at the first violation. */
    void check(Payment payment) {
        List<Refund> refunds = of(payment);
        for (Refund refund : refunds) {
            history.count("refund " + refund.state().text());
            checkTruth(refund);
            checkNotification(refund);
            checkQuery(refund);
        }
        checkSums(payment, refunds);
        checkTimeline(payment, refunds);
        for (BankRefund refund : history.bankRefunds().all()) {
            if (refund.order.id.equals(payment.id()) && refund.refundedAt != null) {
                // A refund made at the bank is learnt by its callback alone.
                require(
                        find(refund.number) != null
                                || refund.callback == BankRefunds.Callback.LOST
                                || isVisiblyUnknown(refund),
                        "money went back and is not recorded: " + refund.number);
            }
        }
    }

    /** Its callback is kept with a discrepancy, and retried. */
    private boolean isVisiblyUnknown(BankRefund refund) {
        return history.stores().payments().discrepancies(true, null, 1_000).items().stream()
                .anyMatch(d -> d.kind() == DiscrepancyKind.UNKNOWN_ORDER
                        && d.subject().equals(refund.order.id + " " + refund.number));
    }

    private void checkTruth(Refund refund) {
        BankRefund known = history.bankRefunds().find(refund.number());
        switch (refund.state()) {
            case SUCCEEDED ->
                require(
                        known != null
                                && known.amount.equals(refund.terms().amount())
                                && Objects.equals(known.refundedAt, refund.refundedAt()),
                        "a refund is invented: " + refund);
            case FAILED ->
                require(
                        known != null
                                && known.refundedAt == null
                                && (known.failed || known.plan == BankRefunds.Plan.IS_REFUSED),
                        "the failure of a refund is invented: " + refund);
            case PROCESSING -> {
                require(history.rates().silent(), "it has not ended though the bank knows: " + refund);
                history.count("refunds unresolved");
            }
        }
    }

    private void checkSums(Payment payment, List<Refund> refunds) {
        Payment.Funds funds = payment.funds();
        require(
                funds.refunding() == sum(refunds, RefundState.PROCESSING)
                        && funds.refunded() == sum(refunds, RefundState.SUCCEEDED),
                "the payment counts " + funds + " and its refunds are " + refunds);
        long askedFor = refunds.stream()
                .filter(r -> r.terms().channelNumber() == null && r.state() != RefundState.FAILED)
                .mapToLong(r -> r.terms().amount().value())
                .sum();
        require(askedFor <= funds.paid(), "more is refunded than was paid: " + refunds);
    }

    private static long sum(List<Refund> refunds, RefundState state) {
        return refunds.stream()
                .filter(r -> r.state() == state)
                .mapToLong(r -> r.terms().amount().value())
                .sum();
    }

    private void checkNotification(Refund refund) {
        List<NotificationDetail> told = history
                .stores()
                .catalog()
                .search(
                        new NotificationCatalog.Filter(
                                history.merchant(), refund.terms().outTradeNo(), null, null, null, null),
                        null,
                        MANY)
                .data()
                .stream()
                .filter(n -> payload(n).contains(refund.id().toString()))
                .toList();
        require(
                told.size() == (refund.state().isFinal() ? 1 : 0),
                "the end of " + refund + " is reported " + told.size() + " times");
        require(
                told.isEmpty()
                        || Objects.equals(
                                told.getFirst().content().eventType(),
                                "refund." + refund.state().text()),
                "it is reported as another: " + refund);
    }

    private String payload(NotificationDetail notification) {
        return new String(
                Objects.requireNonNull(history.stores().notifications().payload(notification.id())),
                StandardCharsets.UTF_8);
    }

    private void checkTimeline(Payment payment, List<Refund> refunds) {
        PaymentStore payments = history.stores().payments();
        List<PaymentEvent> story = payments.timeline(payment.id(), 1_000);
        for (Refund refund : refunds) {
            require(
                    story.stream().anyMatch(e -> refund.id().equals(e.refund())),
                    "a refund is not in the timeline: " + refund);
        }
    }

    private void checkQuery(Refund refund) {
        if (refund.queryId() == null || refund.state().isFinal()) {
            return;
        }
        Delivery query = Objects.requireNonNull(history.stores()
                .notifications()
                .findDeliveries(List.of(refund.queryId()))
                .getFirst());
        require(query.state() == DeliveryState.WAITING, "it is no longer queried: " + query.state());
    }
}
