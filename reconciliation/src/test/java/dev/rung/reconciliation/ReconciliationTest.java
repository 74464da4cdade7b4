package dev.rung.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillEntry.Kind;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
    private static final Instant NOON = Instant.parse("2026-11-23T04:03:04Z");

    private final Map<PaymentId, LocalPayment> here = new TreeMap<>();
    private final List<BillEntry> bill = new ArrayList<>();
    private final List<PaymentId> askedFor = new ArrayList<>();

    private static String number(long id) {
        return new PaymentId(id).toString();
    }

    private void here(long id, String state, long amount, String tradeNo) {
        PaymentId payment = new PaymentId(id);
        here.put(payment, new LocalPayment(payment, "alipay", state, Money.of(amount, "CNY"), false, tradeNo, NOON));
    }

    private void billed(String number, long amount, String tradeNo) {
        bill.add(new BillEntry(bill.size() + 1, Kind.PAID, number, tradeNo, Money.of(amount, "CNY"), NOON));
    }

    /** Compares as the command does: all payments in Rung, except those in {@code later}. */
    private List<BillDifference> reconcile(Long... later) {
        Reconciliation reconciliation = new Reconciliation("alipay");
        bill.forEach(reconciliation::note);
        List<BillDifference> findings = new ArrayList<>();
        for (LocalPayment ours : here.values()) {
            if (ours.isPaid() && !List.of(later).contains(ours.id().value())) {
                reconciliation.compare(ours).ifPresent(findings::add);
            }
        }
        reconciliation.lookUp(id -> {
            askedFor.add(id);
            return Optional.ofNullable(here.get(id));
        });
        bill.forEach(entry -> reconciliation.find(entry).ifPresent(findings::add));
        return findings;
    }

    @Test
    void whatAgreesIsNoFindingAndNotAskedFor() {
        here(1, "succeeded", 1230, "T1");
        here(2, "closed", 1230, null);
        billed(number(1), 1230, "T1");
        bill.add(new BillEntry(2, Kind.NOT_PAID, number(2), "", null, null));
        bill.add(new BillEntry(3, Kind.OTHER, number(1), "T1", null, NOON));

        assertThat(reconcile()).isEmpty();
        assertThat(askedFor).isEmpty();
    }

    @Test
    void whatIsOnTheBillOnlyIsMissingHere() {
        billed(number(1), 1230, "T1");
        billed("2026-42", 100, "T2");

        assertThat(reconcile())
                .containsExactly(
                        new BillDifference(
                                DiscrepancyKind.MISSING_HERE,
                                1,
                                number(1),
                                "T1",
                                null,
                                "paid 12.30 CNY T1 " + NOON,
                                ""),
                        new BillDifference(
                                DiscrepancyKind.MISSING_HERE,
                                2,
                                "2026-42",
                                "T2",
                                null,
                                "paid 1.00 CNY T2 " + NOON,
                                ""));
        assertThat(askedFor).containsExactly(new PaymentId(1));
    }

    @Test
    void whatIsPaidHereOnlyIsMissingThere() {
        here(1, "succeeded", 1230, "T1");

        assertThat(reconcile())
                .containsExactly(new BillDifference(
                        DiscrepancyKind.MISSING_THERE,
                        0,
                        number(1),
                        "",
                        new PaymentId(1),
                        "",
                        "succeeded 12.30 CNY T1 " + NOON));
    }

    @Test
    void anotherAmountIsAMismatch() {
        here(1, "succeeded", 1230, "T1");
        billed(number(1), 1231, "T1");

        assertThat(reconcile())
                .singleElement()
                .satisfies(f -> assertThat(f.kind()).isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH))
                .satisfies(f -> assertThat(f.detail())
                        .isEqualTo(
                                "on the bill: paid 12.31 CNY T1 " + NOON + "; here: succeeded 12.30 CNY T1 " + NOON));
    }

    @Test
    void anotherCurrencyIsAMismatchThoughTheDigitsAreTheSame() {
        here(1, "succeeded", 1230, "T1");
        bill.add(new BillEntry(1, Kind.PAID, number(1), "T1", Money.of(1230, "HKD"), NOON));

        assertThat(reconcile())
                .singleElement()
                .extracting(BillDifference::kind)
                .isEqualTo(DiscrepancyKind.AMOUNT_MISMATCH);
    }

    @Test
    void whatIsPaidThereAndNotHereIsAMismatchOfStates() {
        here(1, "closed", 1230, null);
        here(2, "paying", 1230, null);
        here(3, "succeeded", 1230, "T3");
        billed(number(1), 1230, "T1");
        billed(number(2), 1230, "T2");
        bill.add(new BillEntry(3, Kind.NOT_PAID, number(3), "", null, null));

        assertThat(reconcile())
                .hasSize(3)
                .allMatch(f -> f.kind() == DiscrepancyKind.STATE_MISMATCH)
                .extracting(BillDifference::here)
                .containsExactly("closed 12.30 CNY", "paying 12.30 CNY", "succeeded 12.30 CNY T3 " + NOON);
    }

    @Test
    void anOrderThatIsOnTheBillTwiceWasPaidTwice() {
        here(1, "succeeded", 1230, "T1");
        billed(number(1), 1230, "T2");
        billed(number(1), 1230, "T1");

        assertThat(reconcile())
                .singleElement()
                .satisfies(f -> assertThat(f.kind()).isEqualTo(DiscrepancyKind.PAID_TWICE))
                .satisfies(f -> assertThat(f.line()).isEqualTo(1));
    }

    @Test
    void aPaymentAgreesOnlyIfAllItsEntriesDo() {
        Reconciliation reconciliation = new Reconciliation("alipay");
        here(1, "succeeded", 1230, "T1");
        here(2, "succeeded", 1230, "T3");
        billed(number(1), 1230, "T1");
        billed(number(1), 1230, "T2");
        billed(number(2), 1230, "T3");
        bill.forEach(reconciliation::note);
        reconciliation.watch(here.keySet());
        here.values().forEach(reconciliation::compare);
        assertThat(reconciliation.agreeing()).containsExactly(new PaymentId(2));
    }

    @Test
    void aPaymentWhoseMoneyCameLateIsNoFurtherDiscrepancy() {
        PaymentId id = new PaymentId(1);
        here.put(id, new LocalPayment(id, "alipay", "closed", Money.of(1230, "CNY"), true, null, null));
        billed(number(1), 1230, "T1");
        assertThat(reconcile(1L)).isEmpty();
    }

    @Test
    void aBillMayLeaveTheChannelsNumberOut() {
        here(1, "succeeded", 1230, "T1");
        billed(number(1), 1230, "");

        assertThat(reconcile()).isEmpty();
    }

    /** In Rung it was paid on another day than on the bill. */
    @Test
    void whatWasPaidOnAnotherDayHereIsLookedUp() {
        here(1, "succeeded", 1230, "T1");
        here(2, "succeeded", 1230, "T2");
        billed(number(1), 1230, "T1");
        billed(number(2), 1, "T2");

        assertThat(reconcile(1L, 2L))
                .singleElement()
                .satisfies(f -> assertThat(f.outTradeNo()).isEqualTo(number(2)));
        assertThat(askedFor).containsExactly(new PaymentId(1), new PaymentId(2));
    }

    @Test
    void aPaymentOfAnotherChannelIsMissingHere() {
        PaymentId id = new PaymentId(1);
        here.put(id, new LocalPayment(id, "wechatpay", "succeeded", Money.of(1230, "CNY"), false, "T1", NOON));
        billed(number(1), 1230, "T1");

        assertThat(reconcile(1L))
                .containsExactly(new BillDifference(
                        DiscrepancyKind.MISSING_HERE,
                        1,
                        number(1),
                        "T1",
                        id,
                        "paid 12.30 CNY T1 " + NOON,
                        "the payment belongs to channel wechatpay"));
    }

    /** A hundred thousand lines, a few of them wrong, in random order. */
    @Test
    void manyLinesAreToldApart() {
        Random random = new Random(1);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            ids.add(random.nextLong(Long.MAX_VALUE));
        }
        for (long id : ids) {
            here(id, "succeeded", id % 9973 + 1, "T" + id);
            billed(number(id), id % 9973 + 1 + (id % 10_007 == 0 ? 1 : 0), "T" + id);
        }
        long wrong = ids.stream().filter(id -> id % 10_007 == 0).count();

        assertThat(wrong).isPositive();
        assertThat(reconcile()).hasSize((int) wrong).allMatch(f -> f.kind() == DiscrepancyKind.AMOUNT_MISMATCH);
        assertThat(askedFor).isEmpty();
    }
}
