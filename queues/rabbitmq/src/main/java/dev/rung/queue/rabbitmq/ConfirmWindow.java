package dev.rung.queue.rabbitmq;

import dev.rung.queue.rabbitmq.Publication.OutgoingMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unconfirmed messages of one channel by sequence number, bounded. Not thread-safe: guarded by {@link Publisher}'s lock. */
final class ConfirmWindow {
    private record Slot(Publication publication, OutgoingMessage message, long deadline) {}

    private final @Nullable Slot[] slots;
    /** The lowest sequence number that may be unconfirmed. */
    private long oldest = 1;
    /** The sequence number of the next publish; a channel in confirm mode counts from 1. */
    private long next = 1;

    ConfirmWindow(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "the capacity must be a power of two, because slots are found by a mask: " + capacity);
        }
        slots = new Slot[capacity];
    }

    int room() {
        return slots.length - (int) (next - oldest);
    }

    boolean isEmpty() {
        return oldest == next;
    }

    /** Adds a publication under the next sequence number. There must be room. */
    void add(Publication publication, OutgoingMessage message, long deadline) {
        slots[slot(next++)] = new Slot(publication, message, deadline);
    }

    /** Removes the publications that this confirms; none if they have ended before. */
    List<Publication> confirm(long number, boolean multiple) {
        List<Publication> confirmed = new ArrayList<>();
        for (long n = multiple ? oldest : Math.max(oldest, number); n <= number; n++) {
            take(n, confirmed);
        }
        advance();
        return confirmed;
    }

    /** Removes a returned publication, found by its bytes: a return does not include the sequence number. */
    List<Publication> returned(byte[] body) {
        List<Publication> found = new ArrayList<>(1);
        for (long n = oldest; n < next && found.isEmpty(); n++) {
            Slot slot = slots[slot(n)];
            if (slot != null && Arrays.equals(slot.message.body(), body)) {
                take(n, found);
            }
        }
        advance();
        return found;
    }

    /** Removes the publications whose deadline is at or before this {@link System#nanoTime()}. */
    List<Publication> expired(long now) {
        List<Publication> expired = new ArrayList<>();
        for (long n = oldest; n < next; n++) {
            Slot slot = slots[slot(n)];
            if (slot != null) {
                if (slot.deadline - now > 0) {
                    break;
                }
                take(n, expired);
            }
        }
        advance();
        return expired;
    }

    /** Removes everything and counts from 1 again, for a new channel. */
    List<Publication> reset() {
        List<Publication> all = new ArrayList<>();
        for (long n = oldest; n < next; n++) {
            take(n, all);
        }
        oldest = 1;
        next = 1;
        return all;
    }

    private void take(long number, List<Publication> to) {
        Slot slot = slots[slot(number)];
        if (slot != null) {
            to.add(slot.publication);
            slots[slot(number)] = null;
        }
    }

    private void advance() {
        while (oldest < next && slots[slot(oldest)] == null) {
            oldest++;
        }
    }

    private int slot(long number) {
        return (int) (number & (slots.length - 1));
    }
}
