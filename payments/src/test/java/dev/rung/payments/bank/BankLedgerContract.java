package dev.rung.payments.bank;

import static dev.rung.payments.bank.BankOrders.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import dev.rung.payments.bank.BankOrder.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of the simulated bank's ledgers. The ledger is empty before each test. */
public interface BankLedgerContract {
    BankLedger ledger();

    @Test
    default void whatIsTakenDownIsFoundByNumberAndByToken() {
        BankOrder order = BankOrder.placed(
                BankOrders.terms("pay_1"),
                new BankBehavior(
                        Outcome.FAILS,
                        CallbackKind.LATE,
                        Duration.ofMillis(1500),
                        false,
                        BankBehavior.BillLine.CHANGED),
                Duration.ofMillis(2500));
        assertThat(ledger().open(order)).isEqualTo(order);
        assertThat(ledger().find("pay_1")).contains(order);
        assertThat(ledger().findByToken("token-of-pay_1")).contains(order);
        assertThat(ledger().find("token-of-pay_1")).isEmpty();
        assertThat(ledger().findByToken("pay_1")).isEmpty();
    }

    @Test
    default void whatWasPaidWithinATimeIsFoundByWhereItsCallbacksGo() {
        BankOrder first = ledger().open(BankOrders.byHand("pay_1"));
        BankOrder second = ledger().open(BankOrders.byHand("pay_2"));
        BankOrder late = ledger().open(BankOrders.byHand("pay_3"));
        ledger().open(BankOrders.byHand("pay_4"));
        ledger().change(first, first.pay(NOON));
        ledger().change(second, second.pay(NOON.plusMillis(999)));
        ledger().change(late, late.pay(NOON.plusMillis(1000)));
        String url = first.terms().notifyUrl();
        assertThat(ledger().paid(url, NOON, NOON.plusMillis(1000), "", 10))
                .extracting(order -> order.terms().number())
                .containsExactly("pay_1", "pay_2");
        assertThat(ledger().paid(url, NOON, NOON.plusMillis(1000), "pay_1", 10)).hasSize(1);
        assertThat(ledger().paid(url, NOON, NOON.plusMillis(1000), "", 1)).hasSize(1);
        assertThat(ledger().paid("http://elsewhere/", NOON, NOON.plusMillis(1000), "", 10))
                .isEmpty();
    }

    @Test
    default void aSecondOrderOfTheSameNumberChangesNothing() {
        BankOrder first = ledger().open(BankOrders.byHand("pay_1"));
        BankOrder second = BankOrder.placed(
                new BankOrder.Terms(
                        "pay_1",
                        "other-token",
                        "other-trade",
                        first.terms().amount(),
                        "other",
                        "http://127.0.0.1:1/",
                        NOON,
                        NOON,
                        null),
                first.behavior(),
                Duration.ZERO);
        assertThat(ledger().open(second)).isEqualTo(first);
        assertThat(ledger().findByToken("other-token")).isEmpty();
    }

    @Test
    default void aChangeIsWrittenOnceAndRaisesTheVersion() {
        BankOrder open = ledger().open(BankOrders.byHand("pay_1"));
        BankOrder paid = open.payAndLoseCallback(NOON.plusMillis(1));
        assertThat(ledger().change(open, paid)).isTrue();
        assertThat(ledger().change(open, open.close(NOON))).isFalse();
        BankOrder now = ledger().find("pay_1").orElseThrow();
        assertThat(now).isEqualTo(paid.asWritten());
        assertThat(now.state()).isEqualTo(State.PAID);
        assertThat(now.settledAt()).isEqualTo(NOON.plusMillis(1));
        assertThat(now.behavior().callback()).isEqualTo(CallbackKind.LOST);
        assertThat(now.behavior().outcome()).isNull();
    }

    @Test
    default void aBatchIsWrittenInItsOrder() {
        BankOrder known = ledger().open(BankOrders.byHand("pay_3"));
        BankOrder last = BankOrders.byHand("pay_9");
        BankOrder first = BankOrders.byHand("pay_1");
        assertThat(ledger().open(List.of(last, BankOrders.placed("pay_3", Outcome.NEVER, CallbackKind.PROMPT), first)))
                .containsExactly(last, known, first);
        assertThat(ledger().change(List.of(
                        new BankLedger.Change(last, last.pay(NOON)),
                        new BankLedger.Change(first, first.close(NOON)),
                        new BankLedger.Change(last, last.close(NOON)))))
                .containsExactly(true, true, false);
        assertThat(ledger().find("pay_9").orElseThrow().state()).isEqualTo(State.PAID);
        assertThat(ledger().find("pay_1").orElseThrow().state()).isEqualTo(State.CLOSED);
        assertThat(ledger().find("pay_3")).contains(known);
    }

    @Test
    default void ofSeveralWhoChangeTheSameOneWins() throws Exception {
        BankOrder open = ledger().open(BankOrders.byHand("pay_1"));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> answers = threads.invokeAll(IntStream.range(0, 8)
                    .<java.util.concurrent.Callable<Boolean>>mapToObj(
                            i -> () -> ledger().change(open, i % 2 == 0 ? open.pay(NOON) : open.close(NOON)))
                    .toList());
            int written = 0;
            for (Future<Boolean> answer : answers) {
                written += answer.get() ? 1 : 0;
            }
            assertThat(written).isEqualTo(1);
        }
    }

    @Test
    default void whatIsDueIsAnsweredLongestDueFirstAndNoMoreThanAskedFor() {
        BankOrder later = ledger().open(BankOrders.placed("pay_1", Outcome.SUCCEEDS, CallbackKind.PROMPT));
        BankOrder byHand = ledger().open(BankOrders.byHand("pay_2"));
        BankOrder paid = byHand.pay(NOON);
        assertThat(ledger().change(byHand, paid)).isTrue();
        ledger().open(BankOrders.placed("pay_3", Outcome.NEVER, CallbackKind.PROMPT));

        assertThat(numbers(ledger().due(NOON.minusMillis(1), 10))).isEmpty();
        assertThat(numbers(ledger().due(NOON, 10))).containsExactly("pay_2");
        assertThat(numbers(ledger().due(NOON.plusSeconds(60), 10))).containsExactly("pay_2", "pay_1");
        assertThat(numbers(ledger().due(NOON.plusSeconds(60), 1))).containsExactly("pay_2");
        assertThat(ledger().nextDue()).contains(NOON);

        BankOrder told = ledger().find("pay_2").orElseThrow();
        assertThat(ledger().change(told, told.acknowledge(NOON))).isTrue();
        assertThat(ledger().nextDue()).contains(later.dueAt());
    }

    @Test
    default void refundsAreFoundByTheirOrder() {
        ledger().open(BankOrders.byHand("pay_1"));
        BankOrder refund = ledger().open(BankOrders.refund("rfd_1", "pay_1", 500));
        BankOrder another = ledger().open(BankOrders.refund("rfd_2", "pay_1", 700));
        ledger().open(BankOrders.refund("rfd_3", "pay_2", 700));
        assertThat(ledger().refundsOf("pay_1")).containsExactlyInAnyOrder(refund, another);
        assertThat(ledger().refundsOf("rfd_1")).isEmpty();
        assertThat(ledger().find("rfd_1")).contains(refund);
    }

    @Test
    default void nothingIsDueWhereNothingIsOwed() {
        ledger().open(BankOrders.byHand("pay_1"));
        assertThat(ledger().nextDue()).isEmpty();
    }

    @Test
    default void whatExpiredLongAgoGoesALittleAtATime() {
        for (int i = 0; i < 5; i++) {
            ledger().open(BankOrders.byHand("pay_" + i));
        }
        assertThat(ledger().purge(NOON.plusSeconds(900), 10)).isZero();
        assertThat(ledger().purge(NOON.plusSeconds(901), 3)).isEqualTo(3);
        assertThat(ledger().purge(NOON.plusSeconds(901), 3)).isEqualTo(2);
        assertThat(ledger().find("pay_0")).isEmpty();
        assertThat(ledger().findByToken("token-of-pay_4")).isEmpty();
    }

    private static List<String> numbers(List<BankOrder> orders) {
        return orders.stream().map(order -> order.terms().number()).toList();
    }
}
