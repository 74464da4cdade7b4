package dev.rung.payments.history;

import java.time.Duration;

/**
 * The plan of a payment, drawn at random before its placement.
 *
 * @param payer what the payer does
 * @param payAfterMillis when, counted from the order's arrival at the bank
 * @param callback how the bank calls back
 * @param closeAfterMillis when the merchant closes it; negative: never
 */
record PaymentPlan(Payer payer, int payAfterMillis, Callback callback, int closeAfterMillis, Duration expiresIn) {

    /** What the payer does, or the bank with the order. */
    enum Payer {
        PAYS,
        /** Pays even if the order is closed; the bank should reject it. */
        PAYS_EVEN_IF_CLOSED,
        PAYS_ANOTHER_AMOUNT,
        WALKS_AWAY,
        /** Is rejected finally. */
        IS_TURNED_DOWN,
        /** The bank rejects the order. */
        IS_NOT_WELCOME
    }

    /** How the bank calls back. */
    enum Callback {
        PROMPT,
        LATE,
        LOST,
        DUPLICATE,
        /** Reports a wrong amount first. */
        WRONG_AMOUNT_FIRST,
        /** Reports the waiting order before its result. */
        CHATTY
    }

    static PaymentPlan draw(TimeAndRandom random) {
        Duration expiresIn = Duration.ofSeconds(20 + random.upTo(100));
        int run = (int) expiresIn.toMillis();
        int whole = random.upTo(run);
        int aroundTheEnd = run - 2_000 + random.upTo(4_000);
        int payAfter = random.chance(0.3) ? aroundTheEnd : random.chance(0.5) ? random.upTo(2_000) : whole;
        int closeAfter =
                !random.chance(0.3) ? -1 : random.chance(0.5) ? payAfter - 500 + random.upTo(1_000) : random.upTo(run);
        Payer[] payers = Payer.values();
        return new PaymentPlan(
                random.chance(0.6) ? Payer.PAYS : payers[random.upTo(payers.length)],
                payAfter,
                Callback.values()[random.upTo(Callback.values().length)],
                Math.max(-1, closeAfter),
                expiresIn);
    }
}
