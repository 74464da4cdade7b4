package dev.rung.payments.model;

import static dev.rung.payments.model.PaymentState.CLOSED;
import static dev.rung.payments.model.PaymentState.CREATED;
import static dev.rung.payments.model.PaymentState.FAILED;
import static dev.rung.payments.model.PaymentState.PAYING;
import static dev.rung.payments.model.PaymentState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.port.PaymentSample;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of {@link Payment#judge}. */
class PaymentTest {
    private static final Instant PAID_AT = PaymentSample.T0.plusSeconds(42);
    private static final Evidence.Paid PAID = new Evidence.Paid("4200", PaymentSample.PRICE, PAID_AT);

    private static Payment in(PaymentState state) {
        Payment payment = PaymentSample.of(new MerchantId(2_000)).build().payment();
        return payment.moved(new Decision.Transition(state, state == SUCCEEDED ? "4200" : null, null));
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATED", "PAYING"})
    void whatIsPaidAsAskedSucceeds(PaymentState state) {
        assertThat(in(state).judge(PAID)).isEqualTo(new Decision.Transition(SUCCEEDED, "4200", PAID_AT));
    }

    @Test
    void theSamePaymentToldAgainChangesNothing() {
        assertThat(in(SUCCEEDED).judge(PAID)).isEqualTo(new Decision.NoChange());
    }

    @Test
    void anotherTradeOfWhatIsPaidIsPaidTwice() {
        Decision verdict = in(SUCCEEDED).judge(new Evidence.Paid("4201", PaymentSample.PRICE, PAID_AT));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Decision.Discrepancy.class,
                        found -> assertThat(found.kind()).isEqualTo(DiscrepancyKind.PAID_TWICE));
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSED", "FAILED"})
    void whatIsPaidAfterItsEndIsForAPerson(PaymentState state) {
        assertThat(in(state).judge(PAID))
                .isInstanceOfSatisfying(
                        Decision.Discrepancy.class,
                        found -> assertThat(found.kind()).isEqualTo(DiscrepancyKind.PAID_AFTER_CLOSE));
    }

    @ParameterizedTest
    @EnumSource
    void anotherAmountOrCurrencyIsNeverASuccess(PaymentState state) {
        for (Money other : List.of(Money.of(1231, "CNY"), Money.of(1229, "CNY"), Money.of(1230, "HKD"))) {
            assertThat(in(state).judge(new Evidence.Paid("4200", other, PAID_AT)))
                    .isInstanceOfSatisfying(
                            Decision.Discrepancy.class,
                            found -> assertThat(found)
                                    .isEqualTo(new Decision.Discrepancy(
                                            DiscrepancyKind.AMOUNT_MISMATCH,
                                            "requested 12.30 CNY, paid " + other.text())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsUnknownChangesNothing(PaymentState state) {
        assertThat(in(state).judge(new Evidence.NotFound("no such order"))).isEqualTo(new Decision.NoChange());
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "CLOSED"})
    void aFinalStateIsLeftForNone(PaymentState state) {
        for (Evidence evidence : List.of(
                new Evidence.Unpaid(), new Evidence.Failed("no"), new Evidence.Closed(), new Evidence.Rejected("no"))) {
            assertThat(in(state).judge(evidence)).isEqualTo(new Decision.NoChange());
        }
    }

    @Test
    void whatTheChannelWaitsForIsPaying() {
        assertThat(in(CREATED).judge(new Evidence.Unpaid())).isEqualTo(new Decision.Transition(PAYING, null, null));
        assertThat(in(PAYING).judge(new Evidence.Unpaid())).isEqualTo(new Decision.NoChange());
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATED", "PAYING"})
    void theChannelEndsItUnpaid(PaymentState state) {
        assertThat(in(state).judge(new Evidence.Failed("turned down")))
                .isEqualTo(new Decision.Transition(FAILED, null, null));
        assertThat(in(state).judge(new Evidence.Closed())).isEqualTo(new Decision.Transition(CLOSED, null, null));
    }

    @Test
    void aRefusalEndsOnlyWhatWasNeverTaken() {
        assertThat(in(CREATED).judge(new Evidence.Rejected("too much")))
                .isEqualTo(new Decision.Transition(FAILED, null, null));
        assertThat(in(PAYING).judge(new Evidence.Rejected("too much"))).isEqualTo(new Decision.NoChange());
    }

    @Test
    void whatWentBackToThePayerIsNotAcceptedAsPaid() {
        Payment late = in(CLOSED).withLatePayment();
        assertThat(late.accept(PAID))
                .isEqualTo(new Decision.Transition(SUCCEEDED, "4200", PAID_AT, PaymentSample.PRICE));
        for (Payment.Funds returned : List.of(
                new Payment.Funds(1230, 1, 0), new Payment.Funds(1230, 0, 1), new Payment.Funds(1230, 0, 0, 1))) {
            assertThat(with(late, returned).accept(PAID)).isEqualTo(new Decision.NoChange());
        }
    }

    private static Payment with(Payment p, Payment.Funds funds) {
        return new Payment(
                p.id(),
                p.order(),
                p.queryId(),
                p.state(),
                p.createdAt(),
                p.expiresAt(),
                p.closeRequestedAt(),
                p.access(),
                p.channelTradeNo(),
                p.paidAt(),
                funds,
                p.version());
    }

    @Test
    void theFirstWishToCloseCounts() {
        Payment once = in(PAYING).withCloseRequested(PAID_AT);
        assertThat(once.withCloseRequested(PAID_AT.plusSeconds(1)).closeRequestedAt())
                .isEqualTo(PAID_AT);
    }
}
