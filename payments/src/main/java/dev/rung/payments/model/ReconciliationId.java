package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A reconciliation's id, {@code rcn_…} as text. */
public record ReconciliationId(long value) implements Comparable<ReconciliationId> {
    private static final String PREFIX = "rcn_";

    public ReconciliationId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static ReconciliationId parse(String text) {
        return new ReconciliationId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(ReconciliationId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
