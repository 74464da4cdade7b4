package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A payment's id; spelled {@code pay_…} wherever a person or a program sees it. */
public record PaymentId(long value) implements Comparable<PaymentId> {
    private static final String PREFIX = "pay_";

    public PaymentId {
        if (value < 0) {
            throw new IllegalArgumentException("an id is not negative: " + value);
        }
    }

    /**
     * Reads the spelled form.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static PaymentId parse(String text) {
        return new PaymentId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(PaymentId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
