package dev.rung.payments.bank;

import dev.rung.core.model.CodedEnum;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The simulated behavior of bank and payer for one order.
 *
 * @param outcome of the automatic payer; null: a user decides on the order's page
 * @param callbackDelay the wait before the callback with {@link CallbackKind#LATE}, and before the repetition with {@link
 *     CallbackKind#DUPLICATE}
 * @param answersQueries whether the bank answers queries
 * @param bill how the bank's bill shows it
 */
public record BankBehavior(
        @Nullable Outcome outcome,
        CallbackKind callback,
        Duration callbackDelay,
        boolean answersQueries,
        BillLine bill) {

    /** Of an order that the bill shows as it is. */
    public BankBehavior(
            @Nullable Outcome outcome, CallbackKind callback, Duration callbackDelay, boolean answersQueries) {
        this(outcome, callback, callbackDelay, answersQueries, BillLine.HONEST);
    }

    /** How the bill shows an order. The codes are stored. */
    public enum BillLine implements CodedEnum {
        /** As it is. */
        HONEST(0, "honest"),
        /** Not at all. */
        MISSING(1, "missing"),
        /** Followed by an order that Rung did not place. */
        FOREIGN(2, "foreign"),
        /** With another amount. */
        CHANGED(3, "changed");

        private final int code;
        private final String text;

        BillLine(int code, String text) {
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

    /** The outcome of the payment. The codes are stored. */
    public enum Outcome implements CodedEnum {
        SUCCEEDS(0, "succeeds"),
        FAILS(1, "fails"),
        NEVER(2, "never");

        private final int code;
        private final String text;

        Outcome(int code, String text) {
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

    /** How the bank calls back. The codes are stored. */
    public enum CallbackKind implements CodedEnum {
        /** At once, repeated until acknowledged. */
        PROMPT(0, "prompt"),
        /** Never. */
        LOST(1, "lost"),
        /** After a delay. */
        LATE(2, "late"),
        /** Several times at once, and again after the acknowledgement. */
        DUPLICATE(3, "duplicate"),
        /** With a forged signature, reporting the order as paid whether it is or not; the bank itself never calls back. */
        FORGED(4, "forged"),
        /** Correctly signed, with another amount than was paid. */
        WRONG_AMOUNT(5, "wrong-amount");

        private final int code;
        private final String text;

        CallbackKind(int code, String text) {
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
}
