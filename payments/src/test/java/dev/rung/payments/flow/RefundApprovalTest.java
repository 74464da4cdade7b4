package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sample;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundState;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RefundApprovalTest extends RefundsFixture {
    private static final Approver ALICE = new Approver("alice", "key_1");
    private static final Approver BOB = new Approver("bob", "key_2");

    private Refund requestedByAlice() {
        RefundRequest request = new RefundRequest(
                        payment,
                        "R1",
                        Money.of(500, "CNY"),
                        null,
                        "https://shop.example/refunded",
                        payment.order().ladder(),
                        null,
                        Sample.sha256("R1"))
                .withApproval(Approval.requested(ALICE));
        return ((RefundResult.Accepted) fixture.payments
                        .refunds()
                        .request(request)
                        .toCompletableFuture()
                        .join())
                .refund();
    }

    @Test
    void theChannelIsNotAskedBeforeAnotherPersonApproves() {
        answers(refunded(500));
        Refund refund = requestedByAlice();
        assertThat(refund.isWaitingForApproval()).isTrue();
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 500, 0));
        fixture.time.take(Duration.ofHours(1));
        assertThat(query(refund).outcome()).isEqualTo(Outcome.DECLINED);
        assertThat(fixture.channel.calls).doesNotContain("refund");
        assertThat(fixture.payments.refunds().approve(refund.id(), ALICE))
                .isEqualTo(new Refunds.Approving.SamePerson());
        assertThat(fixture.payments.refunds().approve(refund.id(), BOB)).isInstanceOf(Refunds.Approving.Done.class);
        assertThat(fixture.madeDueNow).contains(refund.queryId());
        assertThat(query(refund).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.channel.calls).filteredOn("refund"::equals).hasSize(1);
        assertThat(now(refund).state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(Objects.requireNonNull(now(refund).approval()).approvedBy()).isEqualTo("bob");
        assertThat(fixture.payments.refunds().approve(refund.id(), BOB))
                .isEqualTo(new Refunds.Approving.NotWaiting(now(refund)));
        assertThat(fixture.timeline(payment))
                .endsWith(
                        "refund R1 requested over 5.00 CNY; requested by alice, another person must approve it",
                        "refund R1 approved by bob",
                        "refund R1, request: 5.00 CNY refunded as 5030");
    }

    @Test
    void oneThatIsDeclinedFailsAndIsNeverAsked() {
        Refund refund = requestedByAlice();
        assertThat(fixture.payments.refunds().decline(refund.id(), BOB)).isInstanceOf(Refunds.Approving.Done.class);
        assertThat(now(refund).state()).isEqualTo(RefundState.FAILED);
        assertThat(now(refund).failure()).isEqualTo("declined by bob");
        assertThat(fixture.now(payment).funds()).isEqualTo(new Payment.Funds(1230, 0, 0));
        assertThat(fixture.merchantNotifications().getFirst().content().eventType())
                .isEqualTo("refund.failed");
        assertThat(fixture.payments.refunds().approve(refund.id(), BOB))
                .isInstanceOf(Refunds.Approving.NotWaiting.class);
        assertThat(query(refund).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.channel.calls).doesNotContain("refund");
    }

    @Test
    void oneThatIsApprovedCannotBeDeclinedAndItsTimesCountFromThen() {
        Refund refund = requestedByAlice();
        fixture.time.take(Duration.ofDays(3));
        fixture.payments.refunds().approve(refund.id(), BOB);
        assertThat(fixture.payments.refunds().decline(refund.id(), BOB))
                .isEqualTo(new Refunds.Approving.NotWaiting(now(refund)));
        query(refund);
        assertThat(now(refund).state()).isEqualTo(RefundState.PROCESSING);
        assertThat(fixture.reportedDiscrepancies()).isEmpty();
    }
}
