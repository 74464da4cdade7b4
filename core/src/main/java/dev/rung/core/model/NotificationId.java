package dev.rung.core.model;

/** A notification's id; spelled {@code ntf_…} wherever a person or a program sees it. */
public record NotificationId(long value) implements Comparable<NotificationId> {
    private static final String PREFIX = "ntf_";

    public NotificationId {
        if (value < 0) {
            throw new IllegalArgumentException("an id is not negative: " + value);
        }
    }

    /**
     * Reads the spelled form.
     *
     * @throws IllegalArgumentException if it is not one
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
