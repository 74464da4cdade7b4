package dev.rung.core.model;

/** The id of an endpoint; {@code ep_…} as text. */
public record EndpointId(long value) implements Comparable<EndpointId> {
    private static final String PREFIX = "ep_";

    public EndpointId {
        if (value <= 0) {
            throw new IllegalArgumentException("an endpoint's id must be positive: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
     */
    public static EndpointId parse(String text) {
        long value = Ids.parse(PREFIX, text);
        if (value == 0) {
            throw new InvalidValueException("invalid_id", "is not an id of the form " + PREFIX + "…", PREFIX);
        }
        return new EndpointId(value);
    }

    @Override
    public int compareTo(EndpointId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
