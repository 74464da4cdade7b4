package dev.rung.payments.history;

import java.time.Duration;

/**
 * What is to become of a payment, drawn by lot before it is placed.
 *
 * @param payer what the payer does
 * @param payAfterMillis when, from when the order is at the bank
 * @param callback how the bank tells of it
 * @param closeAfterMillis when the merchant wants it closed; negative: never
 */
record PaymentPlan(Payer payer, int payAfterMillis, Callback callback, int closeAfterMillis, Duration expiresIn) {

    /** What the payer does, or the bank with the payer's order. */
    enum Payer {
        PAYS,
        /** Pays, whether or not the order is closed: the bank should not take it. */
        PAYS_EVEN_IF_CLOSED,
        PAYS_ANOTHER_AMOUNT,
        WALKS_AWAY,
        /** Is turned down for good. */
        IS_TURNED_DOWN,
        /** The bank does not take the order. */
        IS_NOT_WELCOME
    }

    /** How the bank tells. */
    enum Callback {
        PROMPT,
        LATE,
        LOST,
        DUPLICATE,
        /** Names another amount first. */
        WRONG_AMOUNT_FIRST,
        /** Tells of waiting before it tells of the end. */
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
