package dev.rung.core.model;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Generates, formats and parses time-ordered 63-bit ids: 42 bits of milliseconds, 10 random bits for the process, 11 bits of
 * sequence. Thread-safe.
 *
 * <p>Two processes may draw the same 10 bits. Every id is a primary key, so a collision is a failed insert, after which {@link
 * #redraw()} draws other bits. This needs no lease and no registration, and overwrites nothing.
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
     * @param last the greatest id in use in this store, or 0: new ids are greater even if the clock went back
     */
    public Ids(InstantSource clock, RandomGenerator random, long last) {
        this.clock = clock;
        this.random = random;
        this.last = last;
        redraw();
    }

    /** The next id, greater than all earlier ones of this instance. */
    public synchronized long next() {
        long floor = first(clock.millis()) | process << SEQUENCE_BITS;
        if (floor > last) {
            last = floor;
        } else if ((last + 1 & (1L << SEQUENCE_BITS) - 1) != 0) {
            last++;
        } else {
            // The sequence of this millisecond is exhausted: use the next millisecond's.
            last = ((last >> PROCESS_BITS + SEQUENCE_BITS) + 1) << PROCESS_BITS + SEQUENCE_BITS
                    | process << SEQUENCE_BITS;
        }
        return last;
    }

    /** Draws other process bits, after an insert failed because an id was in use. */
    public synchronized void redraw() {
        process = random.nextInt(1 << PROCESS_BITS);
    }

    /** The smallest id of a millisecond: a bound for searches by time. Times outside the range of ids are clamped to it. */
    public static long first(long epochMillis) {
        return span(Math.clamp(epochMillis, EPOCH_MILLIS, EPOCH_MILLIS + MILLIS_MAX) - EPOCH_MILLIS);
    }

    /** The difference between the smallest ids of two instants that are this many milliseconds apart. */
    public static long span(long millis) {
        return millis << PROCESS_BITS + SEQUENCE_BITS;
    }

    /** Formats an id: the prefix and 13 digits of Crockford's base 32. Text order is time order. */
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
     * Parses the format of {@link #text}.
     *
     * @throws IllegalArgumentException if it is not such an id; the message continues a sentence that begins with the field's name
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
