package dev.rung.payments.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Creating payments. */
interface CreatePaymentContract extends PaymentStoreFixture {

    @Test
    default void aTakenPaymentIsThereAsItWasGiven() {
        NewPayment item = sample().channelOptions("{\"outcome\":\"never\"}").build();
        assertThat(payments().create(List.of(item))).containsExactly(new CreateResult.Stored());
        Payment given = item.payment();
        assertThat(payments().find(given.id())).contains(given);
        assertThat(payments().find(merchant(1), given.order().outTradeNo())).contains(given);
        assertThat(payments().countByState().getOrDefault(PaymentState.CREATED, 0L))
                .isEqualTo(1);
    }

    @Test
    default void whatIsNotThereIsNotFound() {
        NewPayment item = sample().build();
        assertThat(payments().find(item.payment().id())).isEmpty();
        assertThat(payments().find(merchant(1), "T1")).isEmpty();
        assertThat(payments().timeline(item.payment().id(), 10)).isEmpty();
        assertThat(payments().callbacks(item.payment().id(), 10)).isEmpty();
    }

    @Test
    default void itsQueryIsOwedFromTheSameTransaction() {
        Payment payment = taken(sample());
        Delivery query = query(payment);
        assertThat(query.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(query.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(query.wakeNumber()).isEqualTo(1);
        assertThat(query.nextAttemptAt()).isEqualTo(Sample.T0 + 5_000);
        assertThat(query.merchantId()).isEqualTo(payment.order().merchantId());
        assertThat(query.channel()).isEqualTo("simulator");
        assertThat(query.content().orderNo()).isEqualTo(payment.id().toString());
        assertThat(query.content().url()).isEqualTo("channel:simulator");
    }

    @Test
    default void itsQueryIsNotAmongNotifications() {
        taken(sample());
        assertThat(catalog().counts().byState().values()).allMatch(n -> n == 0);
        assertThat(catalog().counts().waitingByRung().values()).allMatch(n -> n == 0);
    }

    @Test
    default void itsStoryBegins() {
        NewPayment item = sample().build();
        taken(item);
        assertThat(payments().timeline(item.payment().id(), 10)).containsExactly(item.event());
    }

    @Test
    default void theSameRequestAgainStoresNothing() {
        Payment first = taken(sample().number("T1"));
        NewPayment again = sample().number("T1").build();
        assertThat(payments().create(List.of(again))).containsExactly(new CreateResult.Repeated(first));
        assertNothingOf(again);
    }

    @Test
    default void aRepetitionIsAnsweredWithThePaymentAsItIsNow() {
        Payment first = paid(sample().number("T1"));
        assertThat(first.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(payments().create(List.of(sample().number("T1").build())))
                .containsExactly(new CreateResult.Repeated(first));
    }

    @Test
    default void anotherRequestUnderTheSameNumberConflicts() {
        Payment first = taken(sample().number("T1"));
        NewPayment other = sample().number("T1").request("three teas").build();
        assertThat(payments().create(List.of(other))).containsExactly(new CreateResult.Conflicting(first));
        assertNothingOf(other);
    }

    private void assertNothingOf(NewPayment item) {
        assertThat(payments().find(item.payment().id())).isEmpty();
        assertThat(delivery(item.query().id())).isNull();
        assertThat(payments().timeline(item.payment().id(), 10)).isEmpty();
        assertThat(payments().countByState().getOrDefault(PaymentState.CREATED, 0L))
                .isEqualTo(1);
    }

    @Test
    default void aNumberBelongsToItsMerchantAlone() {
        Payment his = taken(PaymentSample.of(merchant(1)).number("T1"));
        Payment hers = taken(PaymentSample.of(merchant(2)).number("T1"));
        assertThat(payments().find(merchant(1), "T1")).contains(his);
        assertThat(payments().find(merchant(2), "T1")).contains(hers);
    }

    @Test
    default void numbersThatDifferInCaseDiffer() {
        Payment lower = taken(sample().number("t1"));
        Payment upper = taken(sample().number("T1"));
        assertThat(payments().find(merchant(1), "t1")).contains(lower);
        assertThat(payments().find(merchant(1), "T1")).contains(upper);
    }

    @Test
    default void eachItemOfABatchHasItsOwnAnswer() {
        Payment before = taken(sample().number("T1"));
        NewPayment fresh = sample().number("T2").build();
        NewPayment repeated = sample().number("T1").build();
        NewPayment conflicting = sample().number("T1").request("three teas").build();
        NewPayment twiceInTheBatch = sample().number("T2").build();
        NewPayment last = sample().number("T3").build();
        assertThat(payments().create(List.of(last, fresh, repeated, conflicting, twiceInTheBatch)))
                .containsExactly(
                        new CreateResult.Stored(),
                        new CreateResult.Stored(),
                        new CreateResult.Repeated(before),
                        new CreateResult.Conflicting(before),
                        new CreateResult.Repeated(fresh.payment()));
        assertThat(payments().find(last.payment().id())).isPresent();
        assertThat(payments().countByState().getOrDefault(PaymentState.CREATED, 0L))
                .isEqualTo(3);
    }

    @Test
    default void anIdInUseIsSaidAndNothingOfTheBatchIsStored() {
        Payment there = taken(sample());
        NewPayment good = sample().build();
        assertIdTaken(List.of(good, sample().build(there.id())));
        assertIdTaken(List.of(good, sample().build(good.payment().id())));
        NewPayment queryTaken = sample().build();
        assertIdTaken(List.of(good, sample().build(queryTaken.payment().id(), there.queryId())));
        assertThat(payments().find(good.payment().id())).isEmpty();
        assertThat(delivery(good.query().id())).isNull();
        assertThat(payments().create(List.of(good))).containsExactly(new CreateResult.Stored());
    }

    private void assertIdTaken(List<NewPayment> batch) {
        StoreException refused =
                catchThrowableOfType(StoreException.class, () -> payments().create(batch));
        assertThat(refused).isNotNull();
        assertThat(refused.isIdTaken()).isTrue();
    }

    @Test
    default void theGreatestIdIsKnown() {
        assertThat(payments().lastId()).isZero();
        NewPayment item = sample().build();
        taken(item);
        assertThat(payments().lastId())
                .isEqualTo(Math.max(item.payment().id().value(), item.event().id()));
    }
}
