package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static dev.rung.payments.port.PaymentSample.callback;
import static dev.rung.payments.port.PaymentSample.change;
import static dev.rung.payments.port.PaymentSample.event;
import static dev.rung.payments.port.PaymentSample.finding;
import static dev.rung.payments.port.PaymentSample.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.port.Sample;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What retention deletes, and what it keeps. */
interface PaymentPurgeContract extends PaymentStoreFixture {
    /** Later than all times in the samples. */
    Instant LATER = T0.plusSeconds(86_400);

    private Payment paidByCallback() {
        Payment payment = taken(sample());
        Payment after = PaymentSample.paid(payment).after();
        return changed(change(payment, after)
                .withEvents(event(payment, after.state()))
                .calledBack(callback("simulator", Sample.bytes("paid " + payment.id()), payment))
                .notifying()
                .build());
    }

    @Test
    default void theStoryOfAPaymentThatIsLongOverGoesAndThePaymentStays() {
        Payment old = paidByCallback();
        assertThat(payments().purge(LATER, 10)).isEqualTo(1);
        assertThat(payments().timeline(old.id(), 10)).isEmpty();
        assertThat(payments().callbacks(old.id(), 10)).isEmpty();
        assertThat(payments().find(old.id())).contains(old);
        assertThat(payments()
                        .create(List.of(
                                sample().number(old.order().outTradeNo()).build())))
                .containsExactly(new PaymentStore.CreateResult.Repeated(old));
        assertThat(payments().purge(LATER, 10)).isZero();
    }

    @Test
    default void whatIsNotOverKeepsItsStory() {
        Payment waiting = taken(sample());
        assertThat(payments().purge(LATER, 10)).isZero();
        assertThat(payments().timeline(waiting.id(), 10)).hasSize(1);
    }

    @Test
    default void aStoryThatWentOnSinceStays() {
        Payment payment = paidByCallback();
        PaymentEvent late = new PaymentEvent(
                PaymentSample.id(), payment.id(), LATER, ChangeSource.CALLBACK, null, "paid again", null);
        changed(change(payment, payment).withEvents(late).build());
        assertThat(payments().purge(LATER, 10)).isZero();
        assertThat(payments().timeline(payment.id(), 10)).hasSize(3);
        assertThat(payments().purge(LATER.plusMillis(1), 10)).isEqualTo(1);
        assertThat(payments().timeline(payment.id(), 10)).isEmpty();
    }

    @Test
    default void aStoryThatGoesOnAfterItsBeginningWasDeletedIsToldFromThere() {
        Payment payment = paidByCallback();
        payments().purge(LATER, 10);
        PaymentEvent again = event(payment, null);
        changed(change(payment, payment).withEvents(again).build());
        assertThat(payments().timeline(payment.id(), 10)).containsExactly(again);
        assertThat(payments().purge(LATER, 10)).isEqualTo(1);
    }

    @Test
    default void noMoreThanAskedForAreDeletedAtOnce() {
        for (int i = 0; i < 5; i++) {
            paidByCallback();
        }
        assertThat(payments().purge(LATER, 3)).isEqualTo(3);
        assertThat(payments().purge(LATER, 3)).isEqualTo(2);
    }

    @Test
    default void aStrayGoesOnceItsDiscrepancyIsLongResolved() {
        StoredCallback orphan = callback("simulator", Sample.bytes("an orphan"), null);
        StoredDiscrepancy unknown = finding(DiscrepancyKind.UNKNOWN_ORDER, "simulator", "T404");
        payments().storeOrphan(orphan, unknown);
        assertThat(payments().purge(LATER, 10)).isZero();
        assertThat(payments().orphans(0, 10)).hasSize(1);
        payments().resolve(unknown.id(), resolution("not ours"));
        assertThat(payments().purge(resolution("").at(), 10)).isZero();
        assertThat(payments().purge(LATER, 10)).isEqualTo(1);
        assertThat(payments().discrepancy(unknown.id())).isPresent();
    }

    @Test
    default void aPaymentOfLongAgoGoesWithEverythingAboutIt() {
        Payment old = paidByCallback();
        StoredDiscrepancy settled = finding(DiscrepancyKind.AMOUNT_MISMATCH, old);
        payments().report(List.of(settled));
        payments().resolve(settled.id(), resolution("looked into"));
        long before = payments().countByState().getOrDefault(old.state(), 0L);

        assertThat(payments().purgeRecords(T0.minusMillis(1), 10)).isZero();
        assertThat(payments().purgeRecords(LATER, 10)).isEqualTo(1);

        assertThat(payments().find(old.id())).isEmpty();
        assertThat(payments().timeline(old.id(), 10)).isEmpty();
        assertThat(payments().callbacks(old.id(), 10)).isEmpty();
        assertThat(payments().discrepancy(settled.id())).isEmpty();
        assertThat(payments().countByState().getOrDefault(old.state(), 0L)).isEqualTo(before - 1);
        assertThat(payments().purgeRecords(LATER, 10)).isZero();
        assertThat(payments()
                        .create(List.of(
                                sample().number(old.order().outTradeNo()).build())))
                .as("its number is free")
                .containsExactly(new PaymentStore.CreateResult.Stored());
    }

    @Test
    default void whatIsOpenIsKeptHoweverOldItIs() {
        Payment waiting = taken(sample());
        Payment disputed = paidByCallback();
        StoredDiscrepancy open = finding(DiscrepancyKind.AMOUNT_MISMATCH, disputed);
        payments().report(List.of(open));
        StoredDiscrepancy stray = finding(DiscrepancyKind.UNKNOWN_ORDER, "simulator", "T404");
        payments().storeOrphan(callback("simulator", Sample.bytes("a stray"), null), stray);

        assertThat(payments().purgeRecords(LATER, 10)).isZero();
        assertThat(payments().find(waiting.id())).isPresent();

        payments().resolve(open.id(), resolution("looked into"));
        payments().resolve(stray.id(), resolution("not ours"));
        assertThat(payments().purgeRecords(LATER, 10)).isEqualTo(2);
        assertThat(payments().find(disputed.id())).isEmpty();
        assertThat(payments().discrepancy(stray.id())).isEmpty();
    }

    @Test
    default void manyDiscrepanciesOfNoPaymentAreDeletedAtOnce() {
        List<StoredDiscrepancy> strays = IntStream.range(0, 250)
                .mapToObj(i -> finding(DiscrepancyKind.MISSING_HERE, "simulator", "T" + i))
                .toList();
        payments().report(strays);
        strays.forEach(each -> payments().resolve(each.id(), resolution("not ours")));
        assertThat(payments().purgeRecords(LATER, 220)).isEqualTo(220);
        assertThat(payments().purgeRecords(LATER, 220)).isEqualTo(30);
    }

    @Test
    default void noMoreRecordsThanAskedForAreDeletedAtOnce() {
        for (int i = 0; i < 5; i++) {
            paidByCallback();
        }
        assertThat(payments().purgeRecords(LATER, 3)).isEqualTo(3);
        assertThat(payments().purgeRecords(LATER, 3)).isEqualTo(2);
    }
}
