package dev.rung.payments.model;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * An amount in minor units of an ISO 4217 currency: 1230 CNY is ¥12.30. Never floating point.
 *
 * @param value minor units, at least 1
 */
public record Money(long value, Currency currency) {
    public Money {
        if (value < 1) {
            throw new IllegalArgumentException("an amount must be at least 1 minor unit, not " + value);
        }
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException(currency + " is not a currency for payments");
        }
    }

    /**
     * As {@code of(1230, "CNY")}.
     *
     * @throws IllegalArgumentException if there is no such currency
     */
    public static Money of(long value, String currencyCode) {
        return new Money(value, Currency.getInstance(currencyCode));
    }

    /** In major units with the currency's decimal places, such as {@code 12.30}; Alipay's format. */
    public String major() {
        return BigDecimal.valueOf(value, currency.getDefaultFractionDigits()).toPlainString();
    }

    /** For users, such as {@code 12.30 CNY}. */
    public String text() {
        return major() + " " + currency.getCurrencyCode();
    }

    /**
     * Parses the format of {@link #major()}. Decimal places beyond the currency's must be zeros.
     *
     * @throws IllegalArgumentException if it is not an amount of that currency
     */
    public static Money parseMajor(String text, String currencyCode) {
        Currency currency = Currency.getInstance(currencyCode);
        try {
            return new Money(
                    new BigDecimal(text)
                            .movePointRight(currency.getDefaultFractionDigits())
                            .longValueExact(),
                    currency);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("not an amount in " + currencyCode, e);
        }
    }
}
