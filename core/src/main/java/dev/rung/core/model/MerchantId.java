package dev.rung.core.model;

/** A merchant's id; spelled {@code mch_…} wherever a person or a program sees it. */
public record MerchantId(long value) implements Comparable<MerchantId> {
    /**
     * Ids below this are no merchants: under them stands what rides the same ladder on Rung's own behalf, such as the queries at payment channels. It is
     * attempted like everything else, and shown, listed and counted nowhere among merchants' notifications.
     */
    public static final long RESERVED_BELOW = 1024;

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

    /** Whether it is none of a merchant's, see {@link #RESERVED_BELOW}. */
    public boolean isReserved() {
        return value < RESERVED_BELOW;
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
