package dev.rung.payments.model;

import dev.rung.core.model.Ids;

/** A discrepancy's id; spelled {@code dsc_…} wherever a person or a program sees it. */
public record DiscrepancyId(long value) implements Comparable<DiscrepancyId> {
    private static final String PREFIX = "dsc_";

    public DiscrepancyId {
        if (value < 0) {
            throw new IllegalArgumentException("an id is not negative: " + value);
        }
    }

    /**
     * Reads the spelled form.
     *
     * @throws IllegalArgumentException if it is not one
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
