package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.callback;
import static dev.rung.payments.port.PaymentSample.change;
import static dev.rung.payments.port.PaymentSample.finding;
import static dev.rung.payments.port.PaymentSample.forged;
import static dev.rung.payments.port.PaymentSample.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.port.Sample;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.OrphanCallback;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Callbacks of channels. */
interface CallbackContract extends PaymentStoreFixture {

    private static void assertSame(StoredCallback kept, StoredCallback given) {
        assertThat(kept).usingRecursiveComparison().isEqualTo(given);
    }

    private Payment calledBack(Payment payment, StoredCallback callback) {
        return changed(change(payment, payment).calledBack(callback).build());
    }

    @Test
    default void aCallbackIsKeptAsItCame() {
        Payment payment = taken(sample());
        byte[] body = new byte[StoredCallback.BODY_BYTES_MAX];
        new Random(1).nextBytes(body);
        StoredCallback came = callback("simulator", body, payment);
        calledBack(payment, came);
        assertThat(payments().callbacks(payment.id(), 10)).hasSize(1);
        assertSame(payments().callbacks(payment.id(), 10).getFirst(), came);
    }

    @Test
    default void theSameBytesAreKeptOnce() {
        Payment payment = taken(sample());
        StoredCallback first = callback("simulator", Sample.bytes("paid"), payment);
        calledBack(payment, first);
        calledBack(payment, callback("simulator", Sample.bytes("paid"), payment));
        calledBack(payment, callback("simulator", Sample.bytes("paid, again"), payment));
        List<StoredCallback> kept = payments().callbacks(payment.id(), 10);
        assertThat(kept).hasSize(2);
        assertSame(kept.getFirst(), first);
    }

    @Test
    default void theSameBytesOfAnotherChannelAreAnotherCallback() {
        Payment payment = taken(sample());
        Payment other = taken(sample().channel("alipay"));
        calledBack(payment, callback("simulator", Sample.bytes("paid"), payment));
        calledBack(other, callback("alipay", Sample.bytes("paid"), other));
        assertThat(payments().callbacks(payment.id(), 10)).hasSize(1);
        assertThat(payments().callbacks(other.id(), 10)).hasSize(1);
    }

    @Test
    default void callbacksAreListedOldestFirst() {
        Payment payment = taken(sample());
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            StoredCallback came = callback("simulator", Sample.bytes("call " + i), payment);
            calledBack(payment, came);
            ids.add(came.id());
        }
        assertThat(payments().callbacks(payment.id(), 10))
                .extracting(StoredCallback::id)
                .isEqualTo(ids);
        assertThat(payments().callbacks(payment.id(), 2))
                .extracting(StoredCallback::id)
                .isEqualTo(ids.subList(0, 2));
        assertThat(payments().lastId()).isGreaterThanOrEqualTo(ids.getLast());
    }

    @Test
    default void ofThoseThatCouldNotBeVerifiedTheLastAreKept() {
        for (int i = 0; i < 7; i++) {
            payments().storeUnverified(forged("simulator", "forged " + i), "junk", 3);
        }
        payments().storeUnverified(forged("alipay", "forged"), "junk", 3);
        List<StoredCallback> kept = payments().unverified("simulator", Long.MAX_VALUE, 10);
        assertThat(kept)
                .extracting(c -> new String(c.body(), java.nio.charset.StandardCharsets.UTF_8))
                .containsExactly("forged 6", "forged 5", "forged 4");
        assertThat(kept).noneMatch(StoredCallback::verified);
        assertThat(payments().unverified("simulator", Long.MAX_VALUE, 2)).hasSize(2);
        assertThat(payments().unverified("alipay", Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(payments().unverified("wechatpay", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    default void manyAlikeDoNotPushOutTheOneThatIsNot() {
        payments().storeUnverified(forged("simulator", "wrongly signed"), "the bank", 3);
        for (int i = 0; i < 7; i++) {
            payments().storeUnverified(forged("simulator", "junk " + i), "junk", 3);
        }
        payments().storeUnverified(forged("simulator", "other"), "another", 3);
        assertThat(payments().unverified("simulator", Long.MAX_VALUE, 10))
                .extracting(c -> new String(c.body(), java.nio.charset.StandardCharsets.UTF_8))
                .containsExactly("other", "junk 6", "wrongly signed");
    }

    @Test
    default void oneThatCouldNotBeVerifiedIsKeptAsItCame() {
        StoredCallback came = forged("simulator", "forged");
        payments().storeUnverified(came, "junk", 1_000);
        assertSame(payments().unverified("simulator", Long.MAX_VALUE, 1).getFirst(), came);
        assertThat(payments().lastId()).isGreaterThanOrEqualTo(came.id());
    }

    @Test
    default void forgedBytesDoNotKeepTheGenuineOnesOut() {
        Payment payment = taken(sample());
        payments().storeUnverified(forged("simulator", "paid"), "junk", 1_000);
        calledBack(payment, callback("simulator", Sample.bytes("paid"), payment));
        assertThat(payments().callbacks(payment.id(), 10)).hasSize(1);
        assertThat(payments().unverified("simulator", Long.MAX_VALUE, 10)).hasSize(1);
    }

    private static StoredDiscrepancy unknown(String orderNo) {
        return finding(DiscrepancyKind.UNKNOWN_ORDER, "simulator", orderNo);
    }

    private static StoredCallback orphan(String body) {
        return callback("simulator", Sample.bytes(body), null);
    }

    @Test
    default void aCallbackOfAnUnknownOrderIsKeptWithItsDiscrepancy() {
        StoredCallback came = orphan("paid");
        StoredDiscrepancy finding = unknown("pay_1");
        payments().storeOrphan(came, finding);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
        OrphanCallback kept = payments().orphans(0, 10).getFirst();
        assertSame(kept.callback(), came);
        assertThat(kept.discrepancy()).isEqualTo(finding);
    }

    @Test
    default void theSameStrayIsKeptOnce() {
        payments().storeOrphan(orphan("paid"), unknown("pay_1"));
        payments().storeOrphan(orphan("paid"), unknown("pay_1"));
        assertThat(payments().orphans(0, 10)).hasSize(1);
        assertThat(payments().openDiscrepancies(10)).isEqualTo(1);
    }

    @Test
    default void straysOfOneOrderShareItsDiscrepancy() {
        StoredDiscrepancy first = unknown("pay_1");
        payments().storeOrphan(orphan("paid"), first);
        payments().storeOrphan(orphan("paid, again"), unknown("pay_1"));
        payments().storeOrphan(orphan("another"), unknown("pay_2"));
        assertThat(payments().openDiscrepancies(10)).isEqualTo(2);
        assertThat(payments().orphans(0, 10))
                .extracting(s -> s.discrepancy().subject())
                .containsExactly("pay_1", "pay_1", "pay_2");
        assertThat(payments().resolve(first.id(), resolution("known now"))).isTrue();
        assertThat(payments().orphans(0, 10)).hasSize(1);
    }

    @Test
    default void straysAreListedFromACallbackOn() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            StoredCallback came = orphan("orphan " + i);
            payments().storeOrphan(came, unknown("pay_" + i));
            ids.add(came.id());
        }
        assertThat(payments().orphans(0, 2)).extracting(s -> s.callback().id()).isEqualTo(ids.subList(0, 2));
        assertThat(payments().orphans(ids.get(1), 10))
                .extracting(s -> s.callback().id())
                .isEqualTo(ids.subList(2, 5));
    }

    @Test
    default void aStrayIsKnownToSpeakOfItsPaymentOnceItIsApplied() {
        StoredCallback came = orphan("paid");
        StoredDiscrepancy finding = unknown("pay_1");
        payments().storeOrphan(came, finding);
        Payment payment = taken(sample());
        calledBack(payment, came.about(payment.id(), "paid; the payment is succeeded"));
        assertThat(payments().callbacks(payment.id(), 10)).hasSize(1);
        assertSame(
                payments().callbacks(payment.id(), 10).getFirst(),
                came.about(payment.id(), "paid; the payment is succeeded"));
        // It stays an orphan until its discrepancy is resolved: both must not happen at the same time.
        assertThat(payments().orphans(0, 10)).hasSize(1);
        assertThat(payments().resolve(finding.id(), resolution("known now"))).isTrue();
        assertThat(payments().orphans(0, 10)).isEmpty();
    }

    @Test
    default void aCallbackOfAKnownPaymentIsNoStray() {
        Payment payment = taken(sample());
        calledBack(payment, callback("simulator", Sample.bytes("paid"), payment));
        assertThat(payments().orphans(0, 10)).isEmpty();
    }
}
