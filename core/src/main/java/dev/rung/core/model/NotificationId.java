package dev.rung.core.model;

/** A notification's id; {@code ntf_…} as text. */
public record NotificationId(long value) implements Comparable<NotificationId> {
    private static final String PREFIX = "ntf_";

    public NotificationId {
        if (value < 0) {
            throw new IllegalArgumentException("an id must not be negative: " + value);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it is not an id; the message continues a sentence that begins with the field's name
     */
    public static NotificationId parse(String text) {
        return new NotificationId(Ids.parse(PREFIX, text));
    }

    @Override
    public int compareTo(NotificationId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
