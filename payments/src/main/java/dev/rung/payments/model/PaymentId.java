package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A payment's id; {@code pay_…} as text. */
public record PaymentId(long value) implements Comparable<PaymentId> {
    private static final String PREFIX = "pay_";

    public PaymentId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
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
