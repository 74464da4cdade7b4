package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A refund's id, written as {@code rfd_…}. Channels know the refund by it. */
public record RefundId(long value) implements Comparable<RefundId> {
    private static final String PREFIX = "rfd_";

    public RefundId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static RefundId parse(String text) {
        return new RefundId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(RefundId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
