package dev.rung.payments.bank;

import static dev.rung.payments.bank.BankOrders.DELAY;
import static dev.rung.payments.bank.BankOrders.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import dev.rung.payments.bank.BankOrder.BankTask;
import dev.rung.payments.bank.BankOrder.State;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BankOrderTest {
    private static final Instant LATER = NOON.plusSeconds(60);

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"PAID", "FAILED", "CLOSED"})
    void anOrderThatIsOverStaysAsItIs(State over) {
        BankOrder open = BankOrders.byHand("pay_1");
        BankOrder settled = switch (over) {
            case OPEN -> throw new IllegalArgumentException("that is not over");
            case PAID -> open.pay(NOON);
            case FAILED -> open.fail(NOON);
            case CLOSED -> open.close(NOON);
        };
        assertThat(settled.state()).isEqualTo(over);
        assertThat(settled.settledAt()).isEqualTo(NOON);
        assertThat(settled.pay(LATER)).isEqualTo(settled);
        assertThat(settled.payAndLoseCallback(LATER)).isEqualTo(settled);
        assertThat(settled.fail(LATER)).isEqualTo(settled);
        assertThat(settled.close(LATER)).isEqualTo(settled);
    }

    @Test
    void thePayerActsWhenItIsDueAndThePlatformIsToldAtOnce() {
        BankOrder order = BankOrders.placed("pay_1", Outcome.SUCCEEDS, CallbackKind.PROMPT);
        assertThat(order.dueAt()).isEqualTo(NOON.plusSeconds(1));
        BankOrder paid = acted(order, NOON.plusSeconds(1));
        assertThat(paid.state()).isEqualTo(State.PAID);
        assertThat(paid.dueAt()).isEqualTo(NOON.plusSeconds(1));

        BankOrder failed = acted(BankOrders.placed("pay_1", Outcome.FAILS, CallbackKind.PROMPT), NOON);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.dueAt()).isEqualTo(NOON);
    }

    @Test
    void whoNeverPaysIsNeverDue() {
        for (CallbackKind callback : CallbackKind.values()) {
            boolean forged = callback == CallbackKind.FORGED; // arrives whether or not the order is paid
            assertThat(BankOrders.placed("pay_1", Outcome.NEVER, callback).dueAt() != null)
                    .as(callback.text())
                    .isEqualTo(forged);
        }
    }

    @Test
    void itIsToldAgainUntilItIsAcknowledgedOrTheWaitsAreUsedUp() {
        BankOrder order = BankOrders.byHand("pay_1").pay(NOON);
        Instant now = NOON;
        for (var wait : BankOrder.CALLBACK_WAITS) {
            order = told(order, now, 1);
            assertThat(order.dueAt()).isEqualTo(now.plus(wait));
            now = order.dueAt();
        }
        assertThat(told(order, now, 1).dueAt()).isNull();
        assertThat(order.acknowledge(now).dueAt()).isNull();
        assertThat(order.acknowledge(now).acknowledged()).isTrue();
    }

    @Test
    void aLateCallbackWaitsAndALostOneNeverComes() {
        assertThat(BankOrders.placed("pay_1", null, CallbackKind.LATE).pay(NOON).dueAt())
                .isEqualTo(NOON.plus(DELAY));
        assertThat(BankOrders.placed("pay_1", null, CallbackKind.LOST).pay(NOON).dueAt())
                .isNull();
        assertThat(BankOrders.byHand("pay_1").payAndLoseCallback(NOON).dueAt()).isNull();
    }

    @Test
    void duplicatesComeTogetherAndOnceMoreAfterTheyWereAcknowledged() {
        BankOrder order =
                BankOrders.placed("pay_1", null, CallbackKind.DUPLICATE).pay(NOON);
        BankOrder once = told(order, NOON, 3).acknowledge(NOON);
        assertThat(once.dueAt()).isEqualTo(NOON.plus(DELAY));
        BankOrder twice = told(once, NOON.plus(DELAY), 1).acknowledge(LATER);
        assertThat(twice.dueAt()).isNull();
    }

    @Test
    void aForgerGivesUpSoon() {
        BankOrder order = BankOrders.placed("pay_1", Outcome.NEVER, CallbackKind.FORGED);
        for (int i = 0; i < 3; i++) {
            assertThat(order.dueAt()).isNotNull();
            order = told(order, NOON, 1);
            assertThat(order.state()).isEqualTo(State.OPEN);
        }
        assertThat(order.dueAt()).isNull();
    }

    private static BankOrder acted(BankOrder order, Instant now) {
        return order.dueTask(now) instanceof BankTask.Act act ? act.after() : unexpected(order);
    }

    private static BankOrder told(BankOrder order, Instant now, int copies) {
        if (order.dueTask(now) instanceof BankTask.CallBack callBack) {
            assertThat(callBack.copies()).isEqualTo(copies);
            return callBack.claimed();
        }
        return unexpected(order);
    }

    private static BankOrder unexpected(BankOrder order) {
        throw new AssertionError("not what was to be done with " + order);
    }
}
