package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A discrepancy's id; {@code dsc_…} as text. */
public record DiscrepancyId(long value) implements Comparable<DiscrepancyId> {
    private static final String PREFIX = "dsc_";

    public DiscrepancyId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
     */
    public static DiscrepancyId parse(String text) {
        return new DiscrepancyId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(DiscrepancyId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
