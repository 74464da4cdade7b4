package dev.rung.core.model;

/** A merchant's id; {@code mch_…} as text. */
public record MerchantId(long value) implements Comparable<MerchantId> {
    private static final String PREFIX = "mch_";

    public MerchantId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
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
