package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore.Change;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of what waits for another person's approval. */
interface ApprovalContract extends PaymentStoreFixture {
    Approver ALICE = new Approver("alice", "key_1");

    private Refund waitingRefund(Payment payment, String number) {
        NewRefund item =
                RefundSample.waiting(RefundSample.of(payment, number, 100).build(), Approval.requested(ALICE));
        refunds().create(item);
        return item.refund();
    }

    private StoredDiscrepancy waitingDiscrepancy(Payment payment) {
        StoredDiscrepancy found = PaymentSample.finding(DiscrepancyKind.PAID_AFTER_CLOSE, payment);
        payments().report(List.of(found));
        assertThat(payments()
                        .requestAcceptance(
                                found.id(),
                                new StoredDiscrepancy.AcceptRequest(Acceptance.REFUND, "退款", ALICE, T0.plusSeconds(5))))
                .isTrue();
        return payments().discrepancy(found.id()).orElseThrow();
    }

    private List<WaitingApproval> waiting() {
        return approvals().waiting(null, 10).items();
    }

    @Test
    default void refundsAndDiscrepanciesThatWaitAreListedTogetherNewestFirst() {
        Payment paid = paid(sample());
        assertThat(waiting()).isEmpty();
        assertThat(approvals().countWaiting(10)).isZero();
        Refund first = waitingRefund(paid, "R1");
        StoredDiscrepancy second = waitingDiscrepancy(paid);
        Refund third = waitingRefund(paid, "R2");
        refunds().create(RefundSample.of(paid, "R3", 100).build());
        payments().report(List.of(PaymentSample.finding(DiscrepancyKind.UNRESOLVED, paid)));

        List<WaitingApproval> all = List.of(
                new WaitingApproval.OfRefund(third),
                new WaitingApproval.OfDiscrepancy(second),
                new WaitingApproval.OfRefund(first));
        assertThat(waiting()).isEqualTo(all);
        assertThat(all).extracting(WaitingApproval::requestedBy).containsOnly("alice");
        assertThat(approvals().countWaiting(10)).isEqualTo(3);
        assertThat(approvals().countWaiting(2)).isEqualTo(2);

        List<WaitingApproval> byPage = new ArrayList<>();
        Page<WaitingApproval, Long> page = approvals().waiting(null, 1);
        byPage.addAll(page.items());
        while (page.next() != null) {
            page = approvals().waiting(page.next(), 1);
            byPage.addAll(page.items());
        }
        assertThat(byPage).isEqualTo(all);
    }

    @Test
    default void whatIsApprovedRejectedOrResolvedWaitsNoLonger() {
        Payment paid = paid(sample());
        Refund approved = waitingRefund(paid, "R1");
        refunds()
                .change(new Change(
                        approved,
                        approved.withApproval(new Approver("bob", "usr_2"), T0.plusSeconds(90)),
                        List.of(),
                        null,
                        null,
                        null));
        refunds().change(RefundSample.failed(waitingRefund(paid, "R2"), "not approved"));
        StoredDiscrepancy withdrawn = waitingDiscrepancy(paid);
        assertThat(waiting()).hasSize(1);
        payments().withdrawAcceptance(withdrawn.id(), T0.plusSeconds(90));
        assertThat(waiting()).isEmpty();
        StoredDiscrepancy resolved = waitingDiscrepancy(paid(sample()));
        payments().resolve(resolved.id(), new StoredDiscrepancy.Resolution("done", "bob", T0.plusSeconds(91)));
        assertThat(waiting()).isEmpty();
    }
}
