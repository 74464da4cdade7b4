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
 * An order in the simulated bank's ledger, with its state transitions.
 *
 * @param settledAt when it was paid, failed or closed; null while it is open
 * @param callbacks number of callbacks started
 * @param heard whether the platform acknowledged a callback
 * @param dueAt when its next {@link BankTask} is due; null: none
 * @param version rises with every change; changes are conditional on it
 */
public record BankOrder(
        Terms terms,
        BankBehavior manners,
        State state,
        @Nullable Instant settledAt,
        int callbacks,
        boolean heard,
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
     */
    public record Terms(
            String number,
            String token,
            String tradeNo,
            Money amount,
            String subject,
            String notifyUrl,
            Instant placedAt,
            Instant expiresAt) {}

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
    public static BankOrder placed(Terms terms, BankBehavior manners, Duration payAfter) {
        boolean somethingComes = manners.outcome() != null
                && (manners.outcome() != Outcome.NEVER || manners.callback() == CallbackKind.FORGED);
        Instant dueAt = somethingComes ? terms.placedAt().plus(payAfter) : null;
        return new BankOrder(terms, manners, State.OPEN, null, 0, false, dueAt, 0);
    }

    /** Paid now; unchanged if it is not open. */
    public BankOrder pay(Instant now) {
        return settle(State.PAID, manners, now);
    }

    /** Paid now, without a callback. */
    public BankOrder payAndLoseCallback(Instant now) {
        BankBehavior silent = new BankBehavior(
                manners.outcome(), CallbackKind.LOST, manners.callbackDelay(), manners.answersQueries());
        return settle(State.PAID, silent, now);
    }

    /** Failed now; unchanged if it is not open. */
    public BankOrder fail(Instant now) {
        return settle(State.FAILED, manners, now);
    }

    /** Closed now, so that it can no longer be paid; unchanged if it is not open. */
    public BankOrder close(Instant now) {
        return state == State.OPEN
                ? new BankOrder(terms, manners, State.CLOSED, now, callbacks, heard, null, version)
                : this;
    }

    /** This order with the version that the ledger gives it. */
    public BankOrder asWritten() {
        return new BankOrder(terms, manners, state, settledAt, callbacks, heard, dueAt, version + 1);
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
        return new BankOrder(terms, from, to, now, callbacks, heard, first, version);
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
        record Tell(BankOrder claimed, int copies) implements BankTask {}
    }

    /** The task of this order, which is due. */
    public BankTask errand(Instant now) {
        if (state == State.OPEN && manners.outcome() == Outcome.SUCCEEDS) {
            return new BankTask.Act(pay(now));
        }
        if (state == State.OPEN && manners.outcome() == Outcome.FAILS) {
            return new BankTask.Act(fail(now));
        }
        boolean repeats = manners.callback() == CallbackKind.DUPLICATE;
        return new BankTask.Tell(told(callbacks + 1, heard, again(now)), repeats && callbacks == 0 ? DUPLICATES : 1);
    }

    private @Nullable Instant again(Instant now) {
        int told = callbacks + 1;
        boolean over = told > CALLBACK_WAITS.size() || manners.callback() == CallbackKind.FORGED && told >= FORGED_MAX;
        return over ? null : now.plus(CALLBACK_WAITS.get(told - 1));
    }

    /** The platform has acknowledged a callback. */
    public BankOrder acknowledged(Instant now) {
        boolean onceMore = manners.callback() == CallbackKind.DUPLICATE && callbacks == 1;
        return told(callbacks, true, onceMore ? now.plus(manners.callbackDelay()) : null);
    }

    private BankOrder told(int times, boolean acknowledged, @Nullable Instant next) {
        return new BankOrder(terms, manners, state, settledAt, times, acknowledged, next, version);
    }
}
