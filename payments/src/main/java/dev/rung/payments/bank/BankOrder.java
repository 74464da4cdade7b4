package dev.rung.payments.bank;

import dev.rung.core.model.CodedEnum;
import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import dev.rung.payments.model.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the simulated bank's ledger, with its state transitions: an order, or a refund of one. A refund is open while the bank processes it, then paid
 * out or failed, and it is called back like an order.
 *
 * @param settledAt when it was paid, failed or closed; null while it is open
 * @param callbacks number of callbacks started
 * @param acknowledged whether the platform acknowledged a callback
 * @param dueAt when its next {@link BankTask} is due; null: none
 * @param version rises with every change; changes are conditional on it
 */
public record BankOrder(
        Terms terms,
        BankBehavior behavior,
        State state,
        @Nullable Instant settledAt,
        int callbacks,
        boolean acknowledged,
        @Nullable Instant dueAt,
        int version) {

    /** Waits between unacknowledged callbacks; the first exceeds the duration of one callback. After the last one the bank gives up. */
    public static final List<Duration> CALLBACK_WAITS = Stream.of(6, 15, 30, 60, 180, 600, 1_800, 3_600, 10_800)
            .map(Duration::ofSeconds)
            .toList();

    /** Number of forged callbacks. */
    private static final int FORGED_MAX = 3;

    /** Number of simultaneous copies of a duplicated callback. */
    private static final int DUPLICATES = 3;

    /**
     * The immutable part of an order.
     *
     * @param number the platform's number, which its queries name
     * @param token gives access to the order's page
     * @param tradeNo the bank's own number
     * @param notifyUrl URL for callbacks
     * @param refundOf the number of the refunded order; null for an order
     */
    public record Terms(
            String number,
            String token,
            String tradeNo,
            Money amount,
            String subject,
            String notifyUrl,
            Instant placedAt,
            Instant expiresAt,
            @Nullable String refundOf) {

        public boolean isRefund() {
            return refundOf != null;
        }
    }

    /** The state of an order. The codes are stored. */
    public enum State implements CodedEnum {
        OPEN(0, "open"),
        PAID(1, "paid"),
        FAILED(2, "failed"),
        CLOSED(3, "closed");

        private final int code;
        private final String text;

        State(int code, String text) {
            this.code = code;
            this.text = text;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * A new order.
     *
     * @param payAfter the wait until the automatic payer acts
     */
    public static BankOrder placed(Terms terms, BankBehavior behavior, Duration payAfter) {
        boolean somethingComes = behavior.outcome() != null
                && (behavior.outcome() != Outcome.NEVER || behavior.callback() == CallbackKind.FORGED);
        Instant dueAt = somethingComes ? terms.placedAt().plus(payAfter) : null;
        return new BankOrder(terms, behavior, State.OPEN, null, 0, false, dueAt, 0);
    }

    /** Paid now; unchanged if it is not open. */
    public BankOrder pay(Instant now) {
        return settle(State.PAID, behavior, now);
    }

    /** Paid now, without a callback. */
    public BankOrder payAndLoseCallback(Instant now) {
        BankBehavior silent = new BankBehavior(
                behavior.outcome(),
                CallbackKind.LOST,
                behavior.callbackDelay(),
                behavior.answersQueries(),
                behavior.bill());
        return settle(State.PAID, silent, now);
    }

    /** Failed now; unchanged if it is not open. */
    public BankOrder fail(Instant now) {
        return settle(State.FAILED, behavior, now);
    }

    /** Closed now, so that it can no longer be paid; unchanged if it is not open. */
    public BankOrder close(Instant now) {
        return state == State.OPEN
                ? new BankOrder(terms, behavior, State.CLOSED, now, callbacks, acknowledged, null, version)
                : this;
    }

    /** This order with the version that the ledger gives it. */
    public BankOrder asWritten() {
        return new BankOrder(terms, behavior, state, settledAt, callbacks, acknowledged, dueAt, version + 1);
    }

    private BankOrder settle(State to, BankBehavior from, Instant now) {
        if (state != State.OPEN) {
            return this;
        }
        Instant first = switch (from.callback()) {
            case PROMPT, DUPLICATE, FORGED, WRONG_AMOUNT -> now;
            case LATE -> now.plus(from.callbackDelay());
            case LOST -> null;
        };
        return new BankOrder(terms, from, to, now, callbacks, acknowledged, first, version);
    }

    /** The task of a due order. */
    public sealed interface BankTask {
        /** The automatic payer pays or fails. */
        record Act(BankOrder after) implements BankTask {}

        /**
         * Call back to the platform.
         *
         * @param claimed written before the callback is sent: after a crash or without an acknowledgement the callback is repeated at its due
         *     time
         * @param copies number of callbacks sent at the same time
         */
        record CallBack(BankOrder claimed, int copies) implements BankTask {}
    }

    /** The task of this order, which is due. */
    public BankTask dueTask(Instant now) {
        if (state == State.OPEN && behavior.outcome() == Outcome.SUCCEEDS) {
            return new BankTask.Act(pay(now));
        }
        if (state == State.OPEN && behavior.outcome() == Outcome.FAILS) {
            return new BankTask.Act(fail(now));
        }
        boolean repeats = behavior.callback() == CallbackKind.DUPLICATE;
        return new BankTask.CallBack(
                withCallbacks(callbacks + 1, acknowledged, again(now)), repeats && callbacks == 0 ? DUPLICATES : 1);
    }

    private @Nullable Instant again(Instant now) {
        int started = callbacks + 1;
        boolean over =
                started > CALLBACK_WAITS.size() || behavior.callback() == CallbackKind.FORGED && started >= FORGED_MAX;
        return over ? null : now.plus(CALLBACK_WAITS.get(started - 1));
    }

    /** The platform has acknowledged a callback. */
    public BankOrder acknowledge(Instant now) {
        boolean onceMore = behavior.callback() == CallbackKind.DUPLICATE && callbacks == 1;
        return withCallbacks(callbacks, true, onceMore ? now.plus(behavior.callbackDelay()) : null);
    }

    private BankOrder withCallbacks(int times, boolean acknowledged, @Nullable Instant next) {
        return new BankOrder(terms, behavior, state, settledAt, times, acknowledged, next, version);
    }
}
