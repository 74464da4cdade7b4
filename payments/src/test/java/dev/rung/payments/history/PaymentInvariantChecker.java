package dev.rung.payments.history;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.history.Bank.Order;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Observes every change of a run's payments, and checks invariants at the end. */
final class PaymentInvariantChecker {
    private final PaymentHistory history;
    private final RefundInvariantChecker refunds;
    private final Map<PaymentId, Payment> last = new HashMap<>();
    private final Map<PaymentState, Long> countsBefore;

    PaymentInvariantChecker(PaymentHistory history, RefundInvariantChecker refunds) {
        this.history = history;
        this.refunds = refunds;
        this.countsBefore = store().countByState();
    }

    private PaymentStore store() {
        return history.stores().payments();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** Wraps the store to observe its changes. */
    PaymentStore watched() {
        return (PaymentStore) Proxy.newProxyInstance(
                PaymentStore.class.getClassLoader(), new Class<?>[] {PaymentStore.class}, (proxy, method, args) -> {
                    Object answer;
                    try {
                        answer = method.invoke(store(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("change")) {
                        for (Object change : (List<?>) args[0]) {
                            seen(((Change) change).before().id());
                        }
                    }
                    return answer;
                });
    }

    private void seen(PaymentId id) {
        Payment now = store().find(id).orElseThrow();
        Payment before = last.put(id, now);
        if (before != null && before.state().isFinal()) {
            require(
                    before.state() == now.state()
                            && Objects.equals(before.channelTradeNo(), now.channelTradeNo())
                            && Objects.equals(before.paidAt(), now.paidAt()),
                    "a final payment changed: " + before + " became " + now);
        }
    }

    /** The bank's callback was acknowledged. */
    void acknowledged(Order order, Evidence evidence, byte[] body) {
        history.count("acknowledged");
        Payment payment = store().find(order.id).orElseThrow();
        require(
                store().callbacks(order.id, 100).stream().anyMatch(c -> Arrays.equals(c.body(), body)),
                "an acknowledged callback is not kept");
        if (evidence instanceof Evidence.Paid paid) {
            boolean believed = payment.state() == PaymentState.SUCCEEDED
                    && paid.channelTradeNo().equals(payment.channelTradeNo())
                    && paid.amount().equals(payment.order().amount());
            require(
                    believed || !findings(payment).isEmpty(),
                    "an acknowledged payment is neither succeeded nor has a discrepancy: " + payment);
        }
    }

    List<Payment> payments() {
        PaymentFilter his = new PaymentFilter(history.merchant(), null, null, null, null, null);
        List<Payment> all = new ArrayList<>();
        @Nullable PaymentId next = null;
        do {
            Page<Payment, PaymentId> page = store().list(his, next, 100);
            all.addAll(page.items());
            next = page.next();
        } while (next != null);
        return all;
    }

    boolean isEverythingOver() {
        return !last.isEmpty()
                && last.values().stream().allMatch(p -> p.state().isFinal())
                && payments().stream().allMatch(p -> p.state().isFinal())
                && refunds.isEverythingOver(payments());
    }

    private List<StoredDiscrepancy> findings(Payment payment) {
        List<StoredDiscrepancy> findings = new ArrayList<>();
        @Nullable DiscrepancyId next = null;
        do {
            Page<StoredDiscrepancy, DiscrepancyId> page = store().discrepancies(true, next, 100);
            page.items().stream().filter(d -> payment.id().equals(d.payment())).forEach(findings::add);
            next = page.next();
        } while (next != null);
        return findings;
    }

    private boolean isFound(Payment payment, DiscrepancyKind kind) {
        return findings(payment).stream().anyMatch(d -> d.kind() == kind);
    }

    /** The first violation; null if there is none. */
    @Nullable String violation() {
        for (Payment payment : payments()) {
            try {
                checkTruth(payment, Optional.ofNullable(history.bank().order(payment.id())));
                checkNotifications(payment);
                checkStory(payment);
                checkQuery(payment);
                refunds.check(payment);
            } catch (AssertionError e) {
                return e.getMessage() + "\n  " + payment + "\n  " + history.rates() + "\n  " + history.planOf(payment)
                        + "\n  " + store().timeline(payment.id(), 100);
            }
            history.count(payment.state().text());
        }
        return countsAreRight() ? null : "the counts are not what the payments are";
    }

    private void checkTruth(Payment payment, Optional<Order> known) {
        if (known.isEmpty()) {
            require(!payment.state().isFinal(), "it ended though the bank never heard of it");
            return;
        }
        Order order = known.get();
        String contradiction = order.contradiction(payment);
        require(contradiction == null, String.valueOf(contradiction));
        if (!payment.state().isFinal()) {
            checkVisiblyUnknown(payment, order);
        }
    }

    private void checkVisiblyUnknown(Payment payment, Order order) {
        boolean wrongAmount = order.paid != null && !order.isPaidAsAsked();
        boolean stranger = !order.placed && !history.rates().closesStrangers();
        require(
                wrongAmount || stranger || history.rates().silent(),
                "it has not ended though the bank knows: " + order.state());
        require(isFound(payment, DiscrepancyKind.UNRESOLVED), "it is unknown and has no discrepancy");
        if (wrongAmount && !history.rates().silent()) {
            require(isFound(payment, DiscrepancyKind.AMOUNT_MISMATCH), "the wrong amount is not seen");
        }
        history.count("unresolved");
    }

    private void checkNotifications(Payment payment) {
        List<NotificationDetail> told = history
                .stores()
                .catalog()
                .search(
                        new NotificationCatalog.Filter(
                                history.merchant(), payment.order().outTradeNo(), null, null, null, null),
                        null,
                        100)
                .data()
                .stream()
                .filter(n -> !String.valueOf(n.content().eventType()).startsWith("refund."))
                .toList();
        if (!payment.state().isFinal()) {
            require(told.isEmpty(), "a result is reported before its end");
            return;
        }
        require(told.size() == 1, "its result is reported " + told.size() + " times");
        NotificationDetail end = told.getFirst();
        require(
                Objects.equals(
                        end.content().eventType(), "payment." + payment.state().text()),
                "it is reported as " + end.content().eventType());
        String payload = new String(
                Objects.requireNonNull(history.stores().notifications().payload(end.id())), StandardCharsets.UTF_8);
        require(payload.contains("\"state\":\"" + payment.state().text() + "\""), payload);
        require(payload.contains(payment.id().toString()), payload);
    }

    private void checkStory(Payment payment) {
        List<PaymentEvent> ends = store().timeline(payment.id(), 1_000).stream()
                .filter(e -> e.state() != null && e.state().isFinal())
                .toList();
        require(ends.size() == (payment.state().isFinal() ? 1 : 0), "its timeline ends " + ends.size() + " times");
        require(ends.isEmpty() || ends.getFirst().state() == payment.state(), "its timeline ends otherwise");
    }

    private void checkQuery(Payment payment) {
        Delivery query = Objects.requireNonNull(history.stores()
                .notifications()
                .findDeliveries(List.of(payment.queryId()))
                .getFirst());
        if (!payment.state().isFinal()) {
            require(query.state() == DeliveryState.WAITING, "it is no longer queried: " + query.state());
            long due = Objects.requireNonNull(query.nextAttemptAt());
            require(due - history.now() <= 3_600_000, "it is not asked about every hour");
        }
    }

    private boolean countsAreRight() {
        Map<PaymentState, Long> expected = new HashMap<>(countsBefore);
        payments().forEach(p -> expected.merge(p.state(), 1L, Long::sum));
        Map<PaymentState, Long> counted = store().countByState();
        return Arrays.stream(PaymentState.values())
                .allMatch(s -> Objects.equals(expected.getOrDefault(s, 0L), counted.getOrDefault(s, 0L)));
    }
}
