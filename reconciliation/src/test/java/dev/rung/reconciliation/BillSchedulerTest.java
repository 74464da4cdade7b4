package dev.rung.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.flow.UnbatchedPayments;
import dev.rung.payments.memory.MemoryPaymentStore;
import dev.rung.payments.memory.MemoryReconciliationStore;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundDecision;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentSample;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.RefundSample;
import dev.rung.payments.port.RefundStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills that are fetched and compared by themselves, against stores in memory. */
class BillSchedulerTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final LocalDate TUESDAY = MONDAY.plusDays(1);
    private static final MerchantId MERCHANT = new MerchantId(2_000);
    private static final String COLUMNS = "out_trade_no,channel_trade_no,amount,currency,state,paid_at,out_refund_no\n";

    @TempDir
    Path folder;

    private Instant now = at(TUESDAY, "10:00:00");
    private final MemoryNotificationStore notifications = new MemoryNotificationStore(() -> now);
    private final MemoryPaymentStore store = new MemoryPaymentStore(notifications, () -> now);
    private final MemoryReconciliationStore reconciliations = new MemoryReconciliationStore();
    private final Ids ids = new Ids(() -> now, new SplittableRandom(1), 0);
    private final Bank bank = new Bank();
    private final Payments payments = UnbatchedPayments.payments(
            store,
            store.refunds(),
            List.of(bank),
            new NoOutbox(),
            new EngineRuntime((wait, task) -> () -> {}, () -> now, Runnable::run),
            ids,
            Ladder.of("5s"),
            event -> {});
    private String ordersPrefix = "";

    private static Instant at(LocalDate day, String time) {
        return day.atTime(LocalTime.parse(time)).atZone(SHANGHAI).toInstant();
    }

    private void run() {
        run(account("simulator", bank));
    }

    private BillScheduler.Account account(String name, Bank of) {
        return new BillScheduler.Account(name, of, LocalTime.of(10, 30), ordersPrefix, List.of());
    }

    private void run(BillScheduler.Account... accounts) {
        new BillScheduler(
                        reconciliations,
                        new DailyReconciliation(payments, store, store.refunds(), ids, () -> now),
                        () -> List.of(accounts),
                        folder,
                        ids,
                        () -> now)
                .run();
    }

    private Payment open() {
        return open(PaymentSample.of(MERCHANT));
    }

    private Payment open(PaymentSample sample) {
        NewPayment item = sample.build();
        store.create(List.of(item));
        return store.find(item.payment().id()).orElseThrow();
    }

    private Payment paid(LocalDate day, String time) {
        return paid(PaymentSample.of(MERCHANT), day, time);
    }

    private Payment paid(PaymentSample sample, LocalDate day, String time) {
        Payment open = open(sample);
        Payment after = open.moved(new Decision.Transition(PaymentState.SUCCEEDED, "42", at(day, time)));
        store.change(List.of(PaymentSample.change(open, after).notifying().build()));
        return store.find(open.id()).orElseThrow();
    }

    private Refund refunded(Payment payment, String number, long amount, Instant at) {
        RefundStore.NewRefund item = RefundSample.of(payment, number, amount).build();
        store.refunds().create(item);
        Refund before = item.refund();
        Refund after = before.moved(new RefundDecision.Transition(RefundState.SUCCEEDED, "5030", at, null));
        store.refunds().change(new RefundStore.Change(before, after, List.of(), null, null, null));
        return store.refunds().find(before.id()).orElseThrow();
    }

    private static String line(Payment payment, String amount, String time) {
        return payment.id() + ",42," + amount + ",CNY,succeeded,2026-11-23T" + time + "+08:00,\n";
    }

    private static String refundLine(Payment payment, String number, String amount) {
        return payment.id() + ",42," + amount + ",CNY,refunded,2026-11-23T18:00:00+08:00," + number + "\n";
    }

    private StoredReconciliation day(LocalDate day) {
        return reconciliations.find("simulator", day).orElseThrow();
    }

    private List<StoredDiscrepancy> discrepancies() {
        return store.discrepancies(true, null, 100).items();
    }

    @Test
    void aBillIsFetchedOnceItIsDueAndComparedOnce() {
        Payment payment = paid(MONDAY, "12:00:00");
        Refund refund = refunded(payment, "R1", 230, at(MONDAY, "18:00:00"));
        bank.bills.put(MONDAY, line(payment, "12.30", "12:00:00") + refundLine(payment, refund.number(), "2.30"));
        run();
        assertThat(reconciliations.find("simulator", MONDAY)).isEmpty();
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).isFinished()).isTrue();
        String sums = "{\"payments\":{\"count\":1,\"amounts\":[{\"value\":1230,\"currency\":\"CNY\"}]},"
                + "\"refunds\":{\"count\":1,\"amounts\":[{\"value\":230,\"currency\":\"CNY\"}]}}";
        assertThat(day(MONDAY).report())
                .isEqualTo("{\"bill\":" + sums + ",\"rung\":" + sums
                        + ",\"differences\":0,\"suspended\":0,\"settled\":0,\"left_out\":0,\"unreadable\":0}");
        run();
        assertThat(bank.fetched).containsExactly(MONDAY.minusDays(1), MONDAY);
        assertThat(discrepancies()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatDiffersIsADiscrepancyOnce() {
        Payment missing = paid(MONDAY, "12:00:00");
        Payment changed = paid(MONDAY, "12:01:00");
        Refund missingRefund = refunded(changed, "R1", 100, at(MONDAY, "13:00:00"));
        Refund changedRefund = refunded(changed, "R2", 100, at(MONDAY, "13:00:00"));
        bank.bills.put(
                MONDAY,
                line(changed, "12.31", "12:01:00")
                        + "T-9,43,1.00,CNY,succeeded,2026-11-23T12:02:00+08:00,\n"
                        + refundLine(changed, changedRefund.number(), "1.01"));
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(discrepancies())
                .extracting(d -> d.kind() + " " + d.subject())
                .containsExactlyInAnyOrder(
                        DiscrepancyKind.MISSING_THERE + " " + missing.id(),
                        DiscrepancyKind.AMOUNT_MISMATCH + " " + changed.id() + " 42",
                        DiscrepancyKind.MISSING_HERE + " T-9 43",
                        DiscrepancyKind.MISSING_THERE + " " + missingRefund.id(),
                        DiscrepancyKind.AMOUNT_MISMATCH + " " + changedRefund.id());
        assertThat(day(MONDAY).report()).contains("\"differences\":5");
    }

    @Test
    void otherSystemsOrdersAreLeftOut() {
        ordersPrefix = "pay_";
        bank.bills.put(MONDAY, "T-9,43,1.00,CNY,succeeded,2026-11-23T12:02:00+08:00,\n");
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(discrepancies()).isEmpty();
        assertThat(day(MONDAY).report()).contains("\"left_out\":1");
    }

    /** A service provider's account may fetch the bill of one of the merchants below it. */
    @Test
    void paymentsThatAreOnAnotherBillAreNotCompared() {
        Payment elsewhere = paid(MONDAY, "12:00:00");
        refunded(elsewhere, "R1", 100, at(MONDAY, "13:00:00"));
        bank.elsewhere.add(elsewhere.id());
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).isFinished()).isTrue();
        assertThat(discrepancies()).isEmpty();
        assertThat(day(MONDAY).report()).contains("\"rung\":{\"payments\":{\"count\":0", "\"refunds\":{\"count\":0");

        Payment here = paid(TUESDAY, "12:00:00");
        Payment alsoElsewhere = paid(TUESDAY, "12:00:00");
        bank.elsewhere.add(alsoElsewhere.id());
        bank.bills.put(TUESDAY, "");
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(discrepancies())
                .extracting(StoredDiscrepancy::subject)
                .containsExactly(here.id().toString());
    }

    @Test
    void whatOneSideHasNearMidnightWaitsForTheNextBill() {
        Payment onTheNextBill = paid(MONDAY, "23:59:59");
        Payment onNoBill = paid(MONDAY, "23:59:58");
        Refund refundOnNoBill = refunded(onNoBill, "R1", 100, at(MONDAY, "23:59:59"));
        Payment onTheBillBefore = paid(TUESDAY, "00:00:01");
        bank.bills.put(
                MONDAY,
                line(onTheBillBefore, "12.30", "23:59:59") + "T-9,43,1.00,CNY,succeeded,2026-11-23T23:59:59+08:00,\n");
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(discrepancies()).isEmpty();
        assertThat(day(MONDAY).report()).contains("\"suspended\":4");
        bank.bills.put(TUESDAY, line(onTheNextBill, "12.30", "00:00:01").replace("11-23", "11-24"));
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(day(TUESDAY).isFinished()).isTrue();
        assertThat(discrepancies())
                .extracting(d -> d.kind() + " " + d.subject())
                .containsExactlyInAnyOrder(
                        DiscrepancyKind.MISSING_THERE + " " + onNoBill.id(),
                        DiscrepancyKind.MISSING_THERE + " " + refundOnNoBill.id(),
                        DiscrepancyKind.MISSING_HERE + " T-9 43");
    }

    @Test
    void aPaymentThatTheBillProvesPaidIsQueriedAtOnce() {
        Payment open = open();
        bank.answer = new Evidence.Paid("42", open.order().amount(), at(MONDAY, "12:00:00"));
        bank.bills.put(MONDAY, line(open, "12.30", "12:00:00"));
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(store.find(open.id()).orElseThrow().state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(discrepancies()).isEmpty();
    }

    @Test
    void aRefundMadeAtTheChannelIsRecorded() {
        Payment payment = paid(MONDAY, "12:00:00");
        bank.bills.put(MONDAY, line(payment, "12.30", "12:00:00") + refundLine(payment, "their-1", "2.30"));
        now = at(TUESDAY, "10:30:00");
        run();
        Refund made = store.refunds().findChannelMade(payment.id(), "their-1").orElseThrow();
        assertThat(made.state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(made.terms().amount().value()).isEqualTo(230);
        assertThat(store.find(payment.id()).orElseThrow().funds().refunded()).isEqualTo(230);
        assertThat(discrepancies()).isEmpty();
    }

    @Test
    void whatALaterBillExplainsIsResolved() {
        Payment payment = paid(MONDAY, "12:00:00");
        bank.bills.put(MONDAY, "");
        now = at(TUESDAY, "10:30:00");
        run();
        StoredDiscrepancy missing = discrepancies().getFirst();
        assertThat(missing.kind()).isEqualTo(DiscrepancyKind.MISSING_THERE);
        bank.bills.put(TUESDAY, line(payment, "12.30", "12:00:00").replace("11-23", "11-24"));
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(discrepancies()).isEmpty();
        assertThat(Objects.requireNonNull(
                                store.discrepancy(missing.id()).orElseThrow().resolution())
                        .by())
                .isEqualTo("rung");
        assertThat(day(TUESDAY).report()).contains("\"settled\":1");
    }

    @Test
    void whatIsCarriedOverWaitsForTheNextDayInOrder() {
        Payment onTheNextBill = paid(MONDAY, "23:59:59");
        Payment onNoBill = paid(MONDAY, "23:59:58");
        bank.faults.put(MONDAY, "STATEMENT_CREATING");
        now = at(TUESDAY, "10:30:00");
        run();
        bank.bills.put(TUESDAY, line(onTheNextBill, "12.30", "00:00:01").replace("11-23", "11-24"));
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(reconciliations.find("simulator", TUESDAY)).isEmpty();
        bank.faults.clear();
        bank.bills.put(MONDAY, "");
        now = at(TUESDAY.plusDays(1), "14:30:00");
        run();
        assertThat(day(TUESDAY).isFinished()).isTrue();
        assertThat(discrepancies())
                .extracting(d -> d.kind() + " " + d.subject())
                .containsExactly(DiscrepancyKind.MISSING_THERE + " " + onNoBill.id());
    }

    @Test
    void aDayThatCannotBeComparedIsGivenUpAndWhatItWasToCompareIsCarriedOn() {
        Payment onNoBill = paid(MONDAY, "23:59:58");
        bank.bills.put(MONDAY, "");
        bank.faults.put(TUESDAY, "ERROR");
        bank.bills.put(TUESDAY.plusDays(1), "");
        now = at(TUESDAY, "10:30:00");
        run();
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(discrepancies()).isEmpty();
        now = at(TUESDAY.plusDays(8), "10:29:59");
        run();
        assertThat(day(TUESDAY).isFinished()).isFalse();
        now = at(TUESDAY.plusDays(8), "14:30:00");
        run();
        assertThat(day(TUESDAY).isGivenUp()).isTrue();
        assertThat(day(TUESDAY).problem()).isEqualTo("ERROR");
        assertThat(day(TUESDAY.plusDays(1)).isFinished()).isTrue();
        assertThat(discrepancies())
                .extracting(d -> d.kind() + " " + d.subject())
                .containsExactly(DiscrepancyKind.MISSING_THERE + " " + onNoBill.id());
    }

    @Test
    void aDayThatWasMissedForLongIsTriedMoreThanOnce() {
        bank.bills.put(MONDAY, "");
        now = at(TUESDAY, "10:30:00");
        run();
        bank.faults.put(TUESDAY, "try again");
        now = at(TUESDAY.plusDays(15), "10:30:00");
        run();
        assertThat(day(TUESDAY).isFinished()).isFalse();
        now = at(TUESDAY.plusDays(15), "12:30:00");
        run();
        assertThat(day(TUESDAY).isGivenUp()).isTrue();
    }

    @Test
    void anErrorInOneAccountDelaysThatOneLongerEachTimeAndNotTheOthers() {
        now = at(TUESDAY, "10:30:00");
        Bank broken = new Bank();
        broken.error = new IllegalStateException("a bug");
        bank.bills.put(MONDAY, "");
        run(account("broken", broken), account("simulator", bank));
        assertThat(day(MONDAY).isFinished()).isTrue();
        assertThat(reconciliations.find("broken", MONDAY).orElseThrow().problem())
                .isEqualTo("an internal error; see the log of the server");
        for (String time :
                List.of("10:44:59", "10:45:00", "10:59:59", "11:00:00", "11:30:00", "11:45:00", "12:20:00")) {
            now = at(TUESDAY, time);
            run(account("broken", broken));
        }
        // At 11:30 half the hour since the first attempt is added.
        assertThat(broken.fetched).hasSize(5);
        broken.error = null;
        broken.bills.put(MONDAY, "");
        now = at(TUESDAY, "13:15:00");
        run(account("broken", broken));
        assertThat(reconciliations.find("broken", MONDAY).orElseThrow().isFinished())
                .isTrue();
    }

    @Test
    void aPaymentAmongManyOthersShowsThatThereWasBusiness() {
        paid(MONDAY, "12:00:00");
        for (int i = 0; i < 1_000; i++) {
            paid(PaymentSample.of(MERCHANT).channel("alipay"), MONDAY, "13:00:00");
        }
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).problem()).contains("1 payments were made");
    }

    @Test
    void refundNumbersOfDifferentOrdersMayBeTheSame() {
        Payment one = paid(MONDAY, "12:00:00");
        Payment other = paid(MONDAY, "12:01:00");
        bank.bills.put(
                MONDAY,
                line(one, "12.30", "12:00:00")
                        + line(other, "12.30", "12:01:00")
                        + refundLine(one, "R-1", "2.30")
                        + refundLine(other, "R-1", "1.30"));
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(store.refunds()
                        .findChannelMade(one.id(), "R-1")
                        .orElseThrow()
                        .terms()
                        .amount())
                .isEqualTo(Money.of(230, "CNY"));
        assertThat(store.refunds()
                        .findChannelMade(other.id(), "R-1")
                        .orElseThrow()
                        .terms()
                        .amount())
                .isEqualTo(Money.of(130, "CNY"));
    }

    @Test
    void whatADayCarriesOverIsBounded() {
        StringBuilder orders = new StringBuilder();
        for (int i = 0; i < 10_005; i++) {
            orders.append("T-").append(i).append(",43,1.00,CNY,succeeded,2026-11-23T23:59:59+08:00,\n");
        }
        bank.bills.put(MONDAY, orders.toString());
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).report()).contains("\"differences\":5,\"suspended\":10000,");
        assertThat(store.openDiscrepancies(100)).isEqualTo(5);
    }

    @Test
    void moneyThatCameLateAndWentBackIsNoFurtherDiscrepancy() {
        Payment open = open();
        Payment closed = open.moved(new Decision.Transition(PaymentState.CLOSED, null, null));
        store.change(List.of(
                PaymentSample.change(open, closed.withLatePayment()).notifying().build()));
        Payment late = store.find(open.id()).orElseThrow();
        Refund refund = refunded(late, "R1", 1230, at(MONDAY, "18:00:00"));
        bank.bills.put(MONDAY, line(late, "12.30", "12:00:00") + refundLine(late, refund.number(), "12.30"));
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(discrepancies()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsDeleted() throws IOException {
        Path left = Files.createDirectories(folder.resolve("bill123"));
        Files.writeString(left.resolve("bill"), "half");
        run();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aBillThatIsNotThereIsFetchedAgainAndADayThatWasMissedToo() {
        now = at(TUESDAY, "10:30:00");
        bank.fault = "STATEMENT_CREATING";
        run();
        assertThat(day(MONDAY).problem()).isEqualTo("STATEMENT_CREATING");
        bank.fault = null;
        bank.bills.put(MONDAY, "");
        bank.bills.put(TUESDAY, "");
        now = at(TUESDAY, "10:44:59");
        run();
        assertThat(day(MONDAY).isFinished()).isFalse();
        now = at(TUESDAY.plusDays(3), "09:00:00");
        run();
        assertThat(day(MONDAY).isFinished()).isTrue();
        assertThat(day(TUESDAY).isFinished()).isTrue();
        assertThat(day(TUESDAY.plusDays(1)).isFinished()).isTrue();
        assertThat(reconciliations.find("simulator", TUESDAY.plusDays(2))).isEmpty();
    }

    @Test
    void aChannelThatSaysThereWasNoBusinessIsBelievedAfterADay() {
        Payment payment = paid(MONDAY, "12:00:00");
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).problem()).isEqualTo("the channel reports no transactions, but 1 payments were made");
        now = at(TUESDAY.plusDays(1), "10:30:00");
        run();
        assertThat(day(MONDAY).isFinished()).isTrue();
        assertThat(discrepancies())
                .extracting(StoredDiscrepancy::subject)
                .containsExactly(payment.id().toString());
    }

    @Test
    void aFileThatIsNoBillIsAProblem() {
        bank.header = "something else\n";
        bank.bills.put(MONDAY, "");
        now = at(TUESDAY, "10:30:00");
        run();
        assertThat(day(MONDAY).problem()).startsWith("not a bill in a known format");
    }

    /** A channel with the bills that a test gives it. */
    private static final class Bank implements PaymentChannel, ChannelBills {
        final Map<LocalDate, String> bills = new HashMap<>();
        final List<LocalDate> fetched = new ArrayList<>();
        Evidence answer = new Evidence.Unpaid();
        String header = COLUMNS;

        final Map<LocalDate, String> faults = new HashMap<>();
        final Set<PaymentId> elsewhere = new HashSet<>();

        @Nullable String fault;

        @Nullable RuntimeException error;

        @Override
        public ZoneId zone() {
            return SHANGHAI;
        }

        @Override
        public boolean covers(Payment payment) {
            return !elsewhere.contains(payment.id());
        }

        @Override
        public Fetched fetch(LocalDate day, Path file) throws IOException {
            fetched.add(day);
            if (error != null) {
                throw error;
            }
            if (fault != null) {
                return new Fetched.Unavailable(fault);
            }
            if (faults.containsKey(day)) {
                return new Fetched.Unavailable(faults.get(day));
            }
            String lines = bills.get(day);
            if (lines == null) {
                return new Fetched.Nothing();
            }
            Files.writeString(file, header + lines);
            return new Fetched.Downloaded();
        }

        @Override
        public String name() {
            return "simulator";
        }

        @Override
        public @Nullable String checkOptions(@Nullable String channelOptions) {
            return null;
        }

        @Override
        public Placement place(Payment payment) {
            return new Placement.Unclear("not asked");
        }

        @Override
        public Exchange query(Payment payment) {
            return new Exchange(answer, 1, null);
        }

        @Override
        public Exchange close(Payment payment) {
            return new Exchange(answer, 1, null);
        }

        @Override
        public Set<String> signatureHeaders() {
            return Set.of();
        }

        @Override
        public Callback readCallback(CallbackRequest request) {
            return new Callback.Unverified("none");
        }

        @Override
        public Acknowledgement acknowledgement(boolean accepted) {
            return new Acknowledgement(200, null, "");
        }
    }

    /** Merchants without receivers. */
    private static final class NoOutbox implements NotificationOutbox {
        @Override
        public NewNotification prepareQuery(NotificationRequest query) {
            throw new AssertionError("a query: " + query);
        }

        @Override
        public @Nullable NewNotification prepare(NotificationRequest request) {
            return null;
        }

        @Override
        public void committed(NewNotification notification) {
            throw new AssertionError("committed: " + notification);
        }

        @Override
        public void changed(NotificationId id) {
            // The test does not look at it.
        }

        @Override
        public void makeDueNow(NotificationId id) {
            // The test does not look at it.
        }
    }
}
