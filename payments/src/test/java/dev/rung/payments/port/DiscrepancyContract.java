package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.change;
import static dev.rung.payments.port.PaymentSample.finding;
import static dev.rung.payments.port.PaymentSample.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredDiscrepancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Discrepancies for operators. */
interface DiscrepancyContract extends PaymentStoreFixture {

    @Test
    default void aFindingIsThereAsItWasGiven() {
        Payment payment = taken(sample());
        StoredDiscrepancy found = finding(DiscrepancyKind.UNRESOLVED, payment);
        assertThat(payments().report(List.of(found))).containsExactly(true);
        assertThat(payments().discrepancy(found.id())).contains(found);
        assertThat(payments().discrepancies(true, null, 10).items()).containsExactly(found);
        assertThat(payments().lastId()).isGreaterThanOrEqualTo(found.id().value());
    }

    @Test
    default void theSameFindingIsStoredOnce() {
        StoredDiscrepancy first = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        StoredDiscrepancy again = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        assertThat(payments().report(List.of(first))).containsExactly(true);
        assertThat(payments().report(List.of(again))).containsExactly(false);
        assertThat(payments().discrepancies(false, null, 10).items()).containsExactly(first);
        assertThat(payments().discrepancy(again.id())).isEmpty();
    }

    @Test
    default void theSameFindingTwiceInABatchIsStoredOnce() {
        StoredDiscrepancy first = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        StoredDiscrepancy again = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        StoredDiscrepancy other = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4201");
        assertThat(payments().report(List.of(first, again, other))).containsExactly(true, false, true);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(2);
    }

    @Test
    default void kindChannelAndSubjectTellFindingsApart() {
        assertThat(payments()
                        .report(List.of(
                                finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200"),
                                finding(DiscrepancyKind.MISSING_THERE, "alipay", "4200"),
                                finding(DiscrepancyKind.MISSING_HERE, "wechatpay", "4200"),
                                finding(DiscrepancyKind.MISSING_HERE, "alipay", "4201"))))
                .containsExactly(true, true, true, true);
    }

    @Test
    default void everyKindIsKept() {
        for (DiscrepancyKind kind : DiscrepancyKind.values()) {
            StoredDiscrepancy found = finding(kind, "alipay", "4200");
            payments().report(List.of(found));
            assertThat(payments().discrepancy(found.id())).contains(found);
        }
    }

    @Test
    default void aChangesFindingIsStoredWithItAndOnce() {
        Payment payment = taken(sample());
        StoredDiscrepancy first = finding(DiscrepancyKind.AMOUNT_MISMATCH, payment);
        changed(change(payment, payment).withDiscrepancy(first).build());
        changed(change(payment, payment)
                .withDiscrepancy(finding(DiscrepancyKind.AMOUNT_MISMATCH, payment))
                .build());
        assertThat(payments().discrepancies(true, null, 10).items()).containsExactly(first);
    }

    @Test
    default void anOpenOneIsEndedOnce() {
        StoredDiscrepancy found = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        payments().report(List.of(found));
        assertThat(payments().resolve(found.id(), resolution("refunded by hand")))
                .isTrue();
        assertThat(payments().resolve(found.id(), resolution("no, otherwise"))).isFalse();
        StoredDiscrepancy ended = payments().discrepancy(found.id()).orElseThrow();
        assertThat(ended.resolution()).isEqualTo(resolution("refunded by hand"));
        assertThat(payments().openDiscrepancies(10)).isZero();
        assertThat(payments().discrepancies(true, null, 10).items()).isEmpty();
        assertThat(payments().discrepancies(false, null, 10).items()).containsExactly(ended);
    }

    @Test
    default void thoseOfAPaymentAreListedInPages() {
        Payment payment = taken(sample());
        StoredDiscrepancy first = finding(DiscrepancyKind.AMOUNT_MISMATCH, payment);
        StoredDiscrepancy second = finding(DiscrepancyKind.UNRESOLVED, payment);
        StoredDiscrepancy third = finding(DiscrepancyKind.PAID_AFTER_CLOSE, payment);
        payments()
                .report(List.of(
                        first,
                        finding(DiscrepancyKind.UNRESOLVED, taken(sample())),
                        second,
                        finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200"),
                        third));
        assertThat(payments().resolve(second.id(), resolution("seen"))).isTrue();
        assertThat(payments().discrepancies(payment.id(), true, null, 10))
                .isEqualTo(new PaymentStore.Page<>(List.of(third, first), null));
        PaymentStore.Page<StoredDiscrepancy, DiscrepancyId> page =
                payments().discrepancies(payment.id(), false, null, 2);
        assertThat(page.items()).extracting(StoredDiscrepancy::id).containsExactly(third.id(), second.id());
        assertThat(payments().discrepancies(payment.id(), false, page.next(), 2).items())
                .containsExactly(first);
    }

    @Test
    default void aRequestForApprovalIsKeptOnceUntilItIsWithdrawn() {
        StoredDiscrepancy found = finding(DiscrepancyKind.PAID_AFTER_CLOSE, taken(sample()));
        payments().report(List.of(found));
        StoredDiscrepancy.AcceptRequest request = new StoredDiscrepancy.AcceptRequest(
                Acceptance.REFUND, "they want 退款", new Approver("alice", "key_1"), found.createdAt());
        assertThat(payments().withdrawAcceptance(found.id(), found.createdAt())).isFalse();
        assertThat(payments().requestAcceptance(found.id(), request)).isTrue();
        assertThat(payments().requestAcceptance(found.id(), request)).isFalse();
        assertThat(payments().discrepancy(found.id()).orElseThrow().request()).isEqualTo(request);
        assertThat(payments().withdrawAcceptance(found.id(), found.createdAt())).isTrue();
        assertThat(payments().discrepancy(found.id())).contains(found);
        assertThat(payments().requestAcceptance(found.id(), request)).isTrue();
        StoredDiscrepancy.Resolution end = new StoredDiscrepancy.Resolution(
                "they want 退款", "alice, approved by bob", found.createdAt(), Acceptance.REFUND);
        assertThat(payments().resolve(found.id(), end)).isFalse();
        assertThat(payments().claim(found.id(), claim(Acceptance.REFUND, false, found.createdAt())))
                .isFalse();
        assertThat(payments().claim(found.id(), claim(Acceptance.REFUND, true, found.createdAt())))
                .isTrue();
        assertThat(payments().withdrawAcceptance(found.id(), found.createdAt())).isFalse();
        assertThat(payments().resolve(found.id(), end)).isTrue();
        StoredDiscrepancy ended = payments().discrepancy(found.id()).orElseThrow();
        assertThat(ended.resolution()).isEqualTo(end);
        assertThat(ended.request()).isNull();
        assertThat(payments().requestAcceptance(found.id(), request)).isFalse();
        assertThat(payments().withdrawAcceptance(found.id(), found.createdAt())).isFalse();
    }

    private static StoredDiscrepancy.Claim claim(Acceptance acceptance, boolean approved, Instant at) {
        return new StoredDiscrepancy.Claim(acceptance, approved, at, at.plusSeconds(60));
    }

    @Test
    default void oneThatIsBeingSettledIsLeftToThatUntilItEnds() {
        StoredDiscrepancy found = finding(DiscrepancyKind.PAID_AFTER_CLOSE, taken(sample()));
        Instant now = found.createdAt();
        StoredDiscrepancy.Claim claim = claim(Acceptance.CHANNEL, false, now);
        assertThat(payments().claim(found.id(), claim)).isFalse();
        payments().report(List.of(found));
        assertThat(payments().claim(found.id(), claim(Acceptance.CHANNEL, true, now)))
                .isFalse();
        assertThat(payments().claim(found.id(), claim)).isTrue();
        assertThat(payments().claim(found.id(), claim)).isTrue();
        assertThat(payments().claim(found.id(), claim(Acceptance.REFUND, false, now.plusSeconds(59))))
                .isFalse();
        StoredDiscrepancy.Resolution note = new StoredDiscrepancy.Resolution("by hand", "bob", now.plusSeconds(59));
        assertThat(payments().resolve(found.id(), note)).isFalse();
        StoredDiscrepancy.AcceptRequest request = new StoredDiscrepancy.AcceptRequest(
                Acceptance.REFUND, "no", new Approver("bob", "key_2"), now.plusSeconds(59));
        assertThat(payments().requestAcceptance(found.id(), request)).isFalse();
        payments().release(found.id(), Acceptance.REFUND);
        assertThat(payments().resolve(found.id(), note)).isFalse();
        payments().release(found.id(), Acceptance.CHANNEL);
        assertThat(payments().claim(found.id(), claim(Acceptance.REFUND, false, now)))
                .isTrue();
        assertThat(payments().claim(found.id(), claim(Acceptance.CHANNEL, false, now.plusSeconds(60))))
                .isTrue();
        assertThat(payments().discrepancy(found.id())).contains(found);
        assertThat(payments()
                        .resolve(found.id(), new StoredDiscrepancy.Resolution("late", "alice", now, Acceptance.REFUND)))
                .isFalse();
        assertThat(payments()
                        .resolve(found.id(), new StoredDiscrepancy.Resolution("ok", "alice", now, Acceptance.CHANNEL)))
                .isTrue();
        assertThat(payments().claim(found.id(), claim)).isFalse();
    }

    @Test
    default void whatWasEndedIsNotOpenedByFindingItAgain() {
        StoredDiscrepancy found = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        payments().report(List.of(found));
        payments().resolve(found.id(), resolution("it is theirs"));
        assertThat(payments().report(List.of(finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200"))))
                .containsExactly(false);
        assertThat(payments().openDiscrepancies(10)).isZero();
    }

    @Test
    default void oneThatIsNotThereIsNotEnded() {
        StoredDiscrepancy unknown = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        assertThat(payments().resolve(unknown.id(), resolution("?"))).isFalse();
        assertThat(payments().discrepancy(unknown.id())).isEmpty();
    }

    @Test
    default void findingsAreListedNewestFirstAndPageByPage() {
        List<StoredDiscrepancy> reported = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            StoredDiscrepancy found = finding(DiscrepancyKind.MISSING_HERE, "alipay", "42" + i);
            payments().report(List.of(found));
            reported.addFirst(found);
        }
        assertThat(allDiscrepancies(false, 3)).isEqualTo(reported);
        payments().resolve(reported.get(2).id(), resolution("done"));
        assertThat(allDiscrepancies(true, 2)).hasSize(6).doesNotContain(reported.get(2));
        assertThat(payments().openDiscrepancies(4)).isEqualTo(4);
        assertThat(payments().openDiscrepancies(100)).isEqualTo(6);
    }
}
