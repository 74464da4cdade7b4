package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredDiscrepancy;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** New discrepancies are counted for alerts, in the transaction that stores them. */
public interface DiscrepancyAlertContract extends PaymentStoreFixture {
    /** Of the same database as {@link #payments}. */
    AlertStore alerts();

    @Test
    default void aNewFindingIsCountedForAlertsOnce() {
        StoredDiscrepancy one = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200");
        StoredDiscrepancy other = finding(DiscrepancyKind.MISSING_HERE, "alipay", "4201");
        payments().report(List.of(one));
        payments().report(List.of(finding(DiscrepancyKind.MISSING_HERE, "alipay", "4200"), other));

        AlertStore.Group group = alerts().pending(10).getFirst();
        assertThat(group.kind()).isEqualTo(AlertKind.DISCREPANCIES_FOUND);
        assertThat(group.subject()).isEqualTo(Integer.toString(DiscrepancyKind.MISSING_HERE.code()));
        assertThat(group.count()).isEqualTo(2);
        assertThat(group.since()).isEqualTo(one.createdAt().toEpochMilli());
        assertThat(group.detail()).isEqualTo("alipay: 4201");
    }

    @Test
    default void manyAreCountedByKind() {
        List<StoredDiscrepancy> many = IntStream.range(0, 50)
                .mapToObj(i -> finding(
                        i % 5 == 0 ? DiscrepancyKind.MISSING_THERE : DiscrepancyKind.MISSING_HERE, "alipay", "42" + i))
                .toList();
        payments().report(many);
        assertThat(alerts().pending(10))
                .extracting(AlertStore.Group::subject, AlertStore.Group::count, AlertStore.Group::detail)
                .containsExactlyInAnyOrder(
                        tuple(Integer.toString(DiscrepancyKind.MISSING_HERE.code()), 40L, "alipay: 4249"),
                        tuple(Integer.toString(DiscrepancyKind.MISSING_THERE.code()), 10L, "alipay: 4245"));
    }

    @Test
    default void oneThatAFailedRefundReopensIsCountedAgain() {
        Payment paid = paid(sample());
        StoredDiscrepancy found = finding(DiscrepancyKind.PAID_AFTER_CLOSE, paid);
        payments().report(List.of(found));
        Instant now = found.createdAt();
        payments().claim(found.id(), new StoredDiscrepancy.Claim(Acceptance.REFUND, false, now, now.plusSeconds(60)));
        payments().resolve(found.id(), new StoredDiscrepancy.Resolution("back", "alice", now, Acceptance.REFUND));
        RefundStore.NewRefund refund =
                RefundSample.of(paid, found.id().toString(), 500).build();
        refunds().create(refund);
        refunds().change(RefundSample.failed(refund.refund(), "the card is void"));
        assertThat(alerts().pending(10).getFirst().count()).isEqualTo(2);
    }
}
