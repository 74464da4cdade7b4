package dev.rung.queue.rabbitmq;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A message in the queue of due wakes and its encoding: one byte for the version, one for the kind, then fixed big-endian fields. An
 * unknown version is {@link Unreadable}; new versions must read old ones, so that servers can be upgraded one by one.
 */
sealed interface WakeFrame {
    byte VERSION = 1;
    byte WAKE = 0;
    byte MARK = 1;
    byte PROBE = 2;
    int WAKE_BYTES = 2 + 1 + Long.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES;
    int MARK_BYTES = 2 + Long.BYTES + Integer.BYTES;
    int PROBE_BYTES = 2 + Long.BYTES;

    /**
     * A wake in transit.
     *
     * @param redelivered whether it was delivered before and returned
     * @param sentAt time of publishing, epoch milliseconds
     * @param delay the delay queue it passed, or 0
     */
    record OfWake(Wake wake, boolean redelivered, long sentAt, int delay) implements WakeFrame {}

    /** Published after wakes to a delay queue; its arrival shows that those before it have passed. */
    record Mark(long sentAt, int delay) implements WakeFrame {}

    /** Returns to its sender after everything that was due before it. */
    record Probe(long number) implements WakeFrame {}

    /** Not a message of Rung, or of a later version. */
    record Unreadable() implements WakeFrame {}

    default byte[] bytes() {
        return switch (this) {
            case OfWake(Wake wake, boolean redelivered, long sentAt, int delay) ->
                ByteBuffer.allocate(WAKE_BYTES)
                        .put(VERSION)
                        .put(WAKE)
                        .put((byte) (redelivered ? 1 : 0))
                        .putLong(wake.id().value())
                        .putInt(wake.number())
                        .putLong(wake.dueAt())
                        .putLong(sentAt)
                        .putInt(delay)
                        .array();
            case Mark(long sentAt, int delay) ->
                ByteBuffer.allocate(MARK_BYTES)
                        .put(VERSION)
                        .put(MARK)
                        .putLong(sentAt)
                        .putInt(delay)
                        .array();
            case Probe(long number) ->
                ByteBuffer.allocate(PROBE_BYTES)
                        .put(VERSION)
                        .put(PROBE)
                        .putLong(number)
                        .array();
            case Unreadable() -> throw new IllegalStateException("an unreadable frame cannot be encoded");
        };
    }

    static WakeFrame read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != VERSION) {
                return new Unreadable();
            }
            return switch (in.get()) {
                case WAKE -> {
                    boolean redelivered = in.get() == 1;
                    NotificationId id = new NotificationId(in.getLong());
                    yield new OfWake(new Wake(id, in.getInt(), in.getLong()), redelivered, in.getLong(), in.getInt());
                }
                case MARK -> new Mark(in.getLong(), in.getInt());
                case PROBE -> new Probe(in.getLong());
                default -> new Unreadable();
            };
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return new Unreadable();
        }
    }
}
