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
 * An order in the simulated bank's ledger, and what may become of it.
 *
 * @param settledAt when it was paid, failed or closed; null while it is open
 * @param callbacks how often the platform was told
 * @param heard whether the platform acknowledged it
 * @param dueAt when the bank next has something to do by itself; null: nothing
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

    /** Waits between callbacks that nobody acknowledged, the first longer than one callback may take; then the bank gives up. */
    public static final List<Duration> CALLBACK_WAITS = Stream.of(6, 15, 30, 60, 180, 600, 1_800, 3_600, 10_800)
            .map(Duration::ofSeconds)
            .toList();

    /** A forger tries less often than a bank. */
    private static final int FORGED_MAX = 3;

    /** How many say the same at once. */
    private static final int DUPLICATES = 3;

    /**
     * What was asked for; it never changes.
     *
     * @param number the platform's, under which it asks
     * @param token opens the order's page to whoever has it
     * @param tradeNo the bank's own number
     * @param notifyUrl where the platform wants to be told
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

    /** Where an order stands. The codes are stored. */
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
     * A new one.
     *
     * @param payAfter when the payer acts, if nobody has to ask
     */
    public static BankOrder placed(Terms terms, BankBehavior manners, Duration payAfter) {
        boolean somethingComes = manners.outcome() != null
                && (manners.outcome() != Outcome.NEVER || manners.callback() == CallbackKind.FORGED);
        Instant dueAt = somethingComes ? terms.placedAt().plus(payAfter) : null;
        return new BankOrder(terms, manners, State.OPEN, null, 0, false, dueAt, 0);
    }

    /** Paid now; in any state but open it stays as it is. */
    public BankOrder pay(Instant now) {
        return settle(State.PAID, manners, now);
    }

    /** Paid now, and the platform is not told. */
    public BankOrder payAndLoseCallback(Instant now) {
        BankBehavior silent = new BankBehavior(
                manners.outcome(), CallbackKind.LOST, manners.callbackDelay(), manners.answersQueries());
        return settle(State.PAID, silent, now);
    }

    /** The payer's money is refused for good. */
    public BankOrder fail(Instant now) {
        return settle(State.FAILED, manners, now);
    }

    /** Closed unpaid: it cannot be paid any more. */
    public BankOrder close(Instant now) {
        return state == State.OPEN
                ? new BankOrder(terms, manners, State.CLOSED, now, callbacks, heard, null, version)
                : this;
    }

    /** This one, as the ledger has it once it is written. */
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

    /** What is to be done when the order is due. */
    public sealed interface BankTask {
        /** The payer acts. */
        record Act(BankOrder after) implements BankTask {}

        /**
         * The platform is told.
         *
         * @param claimed what is written before it is told: whoever is killed in between, or hears nothing, tells it again then
         * @param copies how many are sent at once
         */
        record Tell(BankOrder claimed, int copies) implements BankTask {}
    }

    /** What is to be done, now that it is due. */
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

    /** The platform has acknowledged what it was told. */
    public BankOrder acknowledged(Instant now) {
        boolean onceMore = manners.callback() == CallbackKind.DUPLICATE && callbacks == 1;
        return told(callbacks, true, onceMore ? now.plus(manners.callbackDelay()) : null);
    }

    private BankOrder told(int times, boolean acknowledged, @Nullable Instant next) {
        return new BankOrder(terms, manners, state, settledAt, times, acknowledged, next, version);
    }
}
