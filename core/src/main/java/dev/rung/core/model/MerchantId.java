package dev.rung.core.model;

/** A merchant's id; spelled {@code mch_…} wherever a person or a program sees it. */
public record MerchantId(long value) implements Comparable<MerchantId> {
    private static final String PREFIX = "mch_";

    public MerchantId {
        if (value < 0) {
            throw new IllegalArgumentException("an id is not negative: " + value);
        }
    }

    /**
     * Reads the spelled form.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static MerchantId parse(String text) {
        return new MerchantId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(MerchantId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
