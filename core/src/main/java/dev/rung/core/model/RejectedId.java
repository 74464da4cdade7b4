package dev.rung.core.model;

/** The id of a submission that intake rejected; {@code rej_…} as text. In the order of rejection. */
public record RejectedId(long value) implements Comparable<RejectedId> {
    private static final String PREFIX = "rej_";

    public RejectedId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
     */
    public static RejectedId parse(String text) {
        return new RejectedId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(RejectedId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
