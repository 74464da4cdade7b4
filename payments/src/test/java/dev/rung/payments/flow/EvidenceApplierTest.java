package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Outcome;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvidenceApplierTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void anotherAmountIsNeverASuccess() {
        Payment payment = fixture.placed();
        fixture.channel.querying =
                p -> new Exchange(new Evidence.Paid("4200", Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        }
        assertThat(fixture.now(payment).state()).isEqualTo(PaymentState.PAYING);
        assertThat(fixture.store.discrepancies(true, null, 10).items())
                .extracting(StoredDiscrepancy::kind)
                .containsExactly(DiscrepancyKind.AMOUNT_MISMATCH);
        assertThat(fixture.merchantNotifications()).isEmpty();
    }

    @Test
    void eachDiscrepancyIsReportedOnce() {
        Payment payment = fixture.placed();
        int lines = fixture.timeline(payment).size();
        for (String tradeNo : List.of("4200", "4200", "4200", "4201", "4201", "4200")) {
            fixture.channel.querying =
                    p -> new Exchange(new Evidence.Paid(tradeNo, Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
            fixture.query(payment);
        }
        assertThat(fixture.reportedDiscrepancies())
                .extracting(StoredDiscrepancy::subject)
                .containsExactly(payment.id() + " 4200", payment.id() + " 4201");
        assertThat(fixture.timeline(payment)).hasSize(lines);
    }

    @Test
    void aDiscrepancyIsReportedEvenIfTheStoreFails() {
        Payment payment = fixture.placed();
        fixture.channel.querying =
                p -> new Exchange(new Evidence.Paid("4200", Money.of(1, "CNY"), null), 12, "TRADE_SUCCESS");
        fixture.notifications.failing(
                method -> method.equals("discrepancy") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        fixture.query(payment);
        assertThat(fixture.reportedDiscrepancies()).hasSize(1);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotAppliedTwice() {
        Payment payment = fixture.placed();
        fixture.channel.querying = TestChannel::paid;
        fixture.notifications.failing(
                method -> method.equals("change") ? StoreFaults.Fault.AFTER_COMMIT : StoreFaults.Fault.NONE);
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.DECLINED);
        fixture.notifications.failing(StoreFaults.NONE);
        assertThat(fixture.query(payment).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(fixture.merchantNotifications()).hasSize(1);
        assertThat(fixture.notifications
                        .catalog()
                        .find(payment.queryId())
                        .orElseThrow()
                        .state())
                .isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    void manyDiscrepanciesAreStoredInSeveralTransactions() {
        List<String> transactions = new ArrayList<>();
        fixture.notifications.failing(method -> {
            transactions.add(method);
            return StoreFaults.Fault.NONE;
        });
        List<StoredDiscrepancy> many = IntStream.range(0, 1_001)
                .mapToObj(i -> PaymentSample.finding(DiscrepancyKind.MISSING_HERE, "simulator", "T" + i))
                .toList();
        assertThat(fixture.payments.report(many)).isEqualTo(1_001);
        assertThat(transactions).containsExactly("report", "report", "report");
        assertThat(fixture.reportedDiscrepancies()).isEqualTo(many);
    }
}
