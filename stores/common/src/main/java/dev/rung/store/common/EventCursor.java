package dev.rung.store.common;

/** A position in the list of events. */
public record EventCursor(long position, long id) {
    public static final EventCursor BEGINNING = new EventCursor(-1, -1);

    /**
     * Parses {@link #text}, or a cursor of the embedded store, a decimal position: merchants keep theirs when it is copied into a database.
     *
     * @throws IllegalArgumentException if it is not a cursor; the message continues a sentence that begins with the field's name
     */
    public static EventCursor parse(String text) {
        int dash = text.indexOf('-');
        try {
            if (dash < 0) {
                return new EventCursor(Long.parseLong(text), Long.MAX_VALUE);
            }
            return new EventCursor(
                    Long.parseLong(text, 0, dash, 36), Long.parseLong(text, dash + 1, text.length(), 36));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("is not a cursor of the event list", e);
        }
    }

    public String text() {
        return Long.toString(position, 36) + "-" + Long.toString(id, 36);
    }
}
