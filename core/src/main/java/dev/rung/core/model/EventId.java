package dev.rung.core.model;

/** The id of an event, of which one or more receivers get a notification each; {@code evt_…} as text. */
public record EventId(long value) {
    private static final String PREFIX = "evt_";

    /** The event of which this is the first notification. */
    public static EventId of(NotificationId first) {
        return new EventId(first.value());
    }

    @Override
    public String toString() {
        return Ids.text(PREFIX, value);
    }
}
