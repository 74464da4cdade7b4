package dev.rung.core.model;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Makes and spells time-ordered 63-bit ids: 42 bits of milliseconds, 10 bits that tell processes apart, 11 bits of
 * sequence. Thread-safe.
 *
 * <p>Two processes may draw the same 10 bits. Every id is a primary key, so a collision shows as a failed insert, after
 * which {@link #redraw()} takes other bits: no lease, no registration, nothing silently overwritten.
 */
public final class Ids {
    /** 2024-01-01T00:00:00Z, where the 42 bits of milliseconds begin; they last 139 years. */
    private static final long EPOCH_MILLIS = 1_704_067_200_000L;

    private static final long MILLIS_MAX = (1L << 42) - 1;
    private static final int PROCESS_BITS = 10;
    private static final int SEQUENCE_BITS = 11;
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TEXT_LENGTH = 13;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long process;
    private long last;

    /**
     * @param last the greatest id already given out in this store, or 0: ids stay in order though the clock went back
     */
    public Ids(InstantSource clock, RandomGenerator random, long last) {
        this.clock = clock;
        this.random = random;
        this.last = last;
        redraw();
    }

    /** The next id, greater than every one before it from this instance. */
    public synchronized long next() {
        long floor = first(clock.millis()) | process << SEQUENCE_BITS;
        if (floor > last) {
            last = floor;
        } else if ((last + 1 & (1L << SEQUENCE_BITS) - 1) != 0) {
            last++;
        } else {
            // This millisecond's sequence is used up (or the clock stands still): borrow the next one.
            last = ((last >> PROCESS_BITS + SEQUENCE_BITS) + 1) << PROCESS_BITS + SEQUENCE_BITS
                    | process << SEQUENCE_BITS;
        }
        return last;
    }

    /** Draws other process bits, after an insert said that an id was taken. */
    public synchronized void redraw() {
        process = random.nextInt(1 << PROCESS_BITS);
    }

    /** The smallest id of a millisecond: a bound for searches by time. What ids cannot express is their beginning, or their end. */
    public static long first(long epochMillis) {
        return span(Math.clamp(epochMillis, EPOCH_MILLIS, EPOCH_MILLIS + MILLIS_MAX) - EPOCH_MILLIS);
    }

    /** How far apart the ids of two moments are, so many milliseconds from each other. */
    public static long span(long millis) {
        return millis << PROCESS_BITS + SEQUENCE_BITS;
    }

    /** Spells an id: the prefix and 13 digits of Crockford's base 32, so that text order is time order. */
    public static String text(String prefix, long id) {
        char[] text = new char[prefix.length() + TEXT_LENGTH];
        prefix.getChars(0, prefix.length(), text, 0);
        for (int i = text.length - 1; i >= prefix.length(); i--) {
            text[i] = DIGITS.charAt((int) (id & 31));
            id >>>= 5;
        }
        return new String(text);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if it is not such an id
     */
    public static long parse(String prefix, String text) {
        if (!text.startsWith(prefix) || text.length() != prefix.length() + TEXT_LENGTH) {
            throw new IllegalArgumentException("is not an id of the form " + prefix + "…");
        }
        long id = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0 || id >>> 58 != 0) {
                throw new IllegalArgumentException("is not an id of the form " + prefix + "…");
            }
            id = id << 5 | digit;
        }
        return id;
    }
}
