package dev.rung.payments.model;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The amounts above which money is moved only with a second person's approval.
 *
 * @param byCurrency minor units by ISO 4217 code; a currency without a limit needs no approval
 */
public record RefundLimits(Map<String, Long> byCurrency) {
    public static final RefundLimits NONE = new RefundLimits(Map.of());

    public RefundLimits {
        byCurrency = Map.copyOf(byCurrency);
    }

    /**
     * Parses limits such as {@code 1000.00 CNY}, one per currency.
     *
     * @throws IllegalArgumentException if one is not a limit; the message continues a sentence that begins with the setting's name
     */
    public static RefundLimits parse(List<String> limits) {
        Map<String, Long> byCurrency = new TreeMap<>();
        for (String limit : limits) {
            String[] parts = limit.strip().split("\\s+", -1);
            if (parts.length != 2) {
                throw invalid(limit);
            }
            if (byCurrency.putIfAbsent(parts[1], minor(limit, parts[0], parts[1])) != null) {
                throw new IllegalArgumentException("has more than one limit in " + parts[1]);
            }
        }
        return new RefundLimits(byCurrency);
    }

    private static long minor(String limit, String major, String code) {
        try {
            int digits = Currency.getInstance(code).getDefaultFractionDigits();
            long value = new BigDecimal(major).movePointRight(digits).longValueExact();
            if (digits >= 0 && value >= 0) {
                return value;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(invalid(limit).getMessage(), e);
        }
        throw invalid(limit);
    }

    private static IllegalArgumentException invalid(String limit) {
        return new IllegalArgumentException("\"" + limit + "\" is not an amount such as 1000.00 CNY");
    }

    /** Whether the amount is above the limit of its currency. */
    public boolean isExceededBy(Money amount) {
        Long limit = byCurrency.get(amount.currency().getCurrencyCode());
        return limit != null && amount.value() > limit;
    }

    /** The limits in one line, in a fixed order. */
    public String compact() {
        return new TreeMap<>(byCurrency)
                .entrySet().stream()
                        .map(limit -> limit.getKey() + " " + Objects.requireNonNull(limit.getValue()))
                        .collect(Collectors.joining(","));
    }
}
