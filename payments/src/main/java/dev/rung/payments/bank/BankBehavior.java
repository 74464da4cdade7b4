package dev.rung.payments.bank;

import dev.rung.core.model.CodedEnum;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the bank and the payer behave over one order.
 *
 * @param outcome what the payer does without being asked; null: a person decides on the order's page
 * @param callbackDelay how long {@link CallbackKind#LATE} waits, and {@link CallbackKind#DUPLICATE} before it says it all again
 * @param answersQueries whether a query is answered at all
 */
public record BankBehavior(
        @Nullable Outcome outcome, CallbackKind callback, Duration callbackDelay, boolean answersQueries) {

    /** What the payer does. The codes are stored. */
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

    /** How the platform is told. The codes are stored. */
    public enum CallbackKind implements CodedEnum {
        /** At once, and again until it is acknowledged. */
        PROMPT(0, "prompt"),
        /** Not at all. */
        LOST(1, "lost"),
        /** After a delay. */
        LATE(2, "late"),
        /** Several times, some of them at once, and again after it was acknowledged. */
        DUPLICATE(3, "duplicate"),
        /** Somebody who is not the bank says that it is paid, whether it is or not; the bank says nothing. */
        FORGED(4, "forged"),
        /** Signed by the bank, but of another amount than was paid. */
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
