package dev.rung.console;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The list of refunds and settlements that wait for another person's approval. */
@Lazy
@Controller
final class ApprovalsPage {
    private static final int LIMIT = 50;

    private final ApprovalStore approvals;
    private final PaymentStore payments;
    private final MerchantNames names;

    ApprovalsPage(ApprovalStore approvals, PaymentStore payments, MerchantNames names) {
        this.approvals = approvals;
        this.payments = payments;
        this.names = names;
    }

    /**
     * A row of the list.
     *
     * @param what message key of what is asked for
     * @param path of the page that shows it
     * @param action of the forms that approve and reject, without the last segment
     * @param order the payment's {@code out_trade_no}; empty if there is no payment
     * @param merchant its name; empty if there is no payment
     * @param note the reason that was given; may be empty
     */
    public record Row(
            String id,
            String what,
            String path,
            String action,
            String amount,
            String order,
            String merchantId,
            String merchant,
            String note,
            String by,
            long at) {}

    @GetMapping("/approvals")
    ModelAndView show(Form query) {
        Long before = query.parsedText("before", Long::valueOf).orElse(null);
        Page<WaitingApproval, Long> page = approvals.waiting(before, LIMIT);
        Long next = page.next();
        Map<String, Object> model = new HashMap<>();
        model.put("rows", page.items().stream().map(this::row).toList());
        model.put("next", next == null ? "" : next.toString());
        model.put("first", before == null);
        return Views.page("approvals", model);
    }

    private Row row(WaitingApproval waiting) {
        return switch (waiting) {
            case WaitingApproval.OfRefund of -> refund(of);
            case WaitingApproval.OfDiscrepancy of -> discrepancy(of);
        };
    }

    private Row refund(WaitingApproval.OfRefund waiting) {
        Refund refund = waiting.refund();
        Refund.Terms terms = refund.terms();
        String payment = "/payments/" + terms.payment();
        return new Row(
                refund.id().toString(),
                "approval.refund",
                payment,
                payment + "/refunds/" + refund.id(),
                PageFormat.money(terms.amount()),
                terms.outTradeNo(),
                terms.merchantId().toString(),
                names.name(terms.merchantId()),
                Objects.requireNonNullElse(terms.reason(), ""),
                waiting.requestedBy(),
                waiting.requestedAt().toEpochMilli());
    }

    private Row discrepancy(WaitingApproval.OfDiscrepancy waiting) {
        Optional<Payment.Order> order = Optional.ofNullable(
                        waiting.discrepancy().payment())
                .flatMap(payments::find)
                .map(Payment::order);
        String path = "/discrepancies/" + waiting.discrepancy().id();
        return new Row(
                waiting.discrepancy().id().toString(),
                "approval.accept." + waiting.request().acceptance().text(),
                path,
                path,
                order.map(Payment.Order::amount).map(PageFormat::money).orElse(""),
                order.map(Payment.Order::outTradeNo).orElse(""),
                order.map(o -> o.merchantId().toString()).orElse(""),
                order.map(o -> names.name(o.merchantId())).orElse(""),
                waiting.request().note(),
                waiting.requestedBy(),
                waiting.requestedAt().toEpochMilli());
    }
}
