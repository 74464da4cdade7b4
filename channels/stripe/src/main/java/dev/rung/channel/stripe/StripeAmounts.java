package dev.rung.channel.stripe;

import dev.rung.payments.model.Money;
import java.util.Locale;
import java.util.Set;

/**
 * Amounts as Stripe counts them: in the smallest unit of the currency, with the exceptions of its documentation ("Supported currencies").
 */
final class StripeAmounts {
    /** Without decimal places, but sent with two for backward compatibility. */
    private static final Set<String> TIMES_100 = Set.of("ISK", "UGX");

    /** With decimal places by ISO 4217, but without at Stripe. */
    private static final Set<String> WHOLE = Set.of("MGA");

    private static final int HUNDRED = 100;
    private static final int THREE_PLACES = 3;

    private StripeAmounts() {}

    /**
     * The amount for Stripe.
     *
     * @throws IllegalArgumentException if Stripe cannot charge it
     */
    static long of(Money money) {
        String code = money.currency().getCurrencyCode();
        if (TIMES_100.contains(code)) {
            return Math.multiplyExact(money.value(), HUNDRED);
        }
        if (WHOLE.contains(code)) {
            if (money.value() % HUNDRED != 0) {
                throw new IllegalArgumentException("Stripe accepts whole amounts of " + code + " only");
            }
            return money.value() / HUNDRED;
        }
        if (money.currency().getDefaultFractionDigits() == THREE_PLACES && money.value() % 10 != 0) {
            throw new IllegalArgumentException("Stripe accepts amounts of " + code + " with two decimal places only");
        }
        return money.value();
    }

    /**
     * The money of an amount of Stripe's.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Money money(String amount, String currency) {
        String code = currency.toUpperCase(Locale.ROOT);
        long value = Long.parseLong(amount);
        if (TIMES_100.contains(code)) {
            if (value % HUNDRED != 0) {
                throw new IllegalArgumentException("not a whole amount of " + code);
            }
            return Money.of(value / HUNDRED, code);
        }
        return Money.of(WHOLE.contains(code) ? Math.multiplyExact(value, HUNDRED) : value, code);
    }
}
