package dev.rung.core.model;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Generates time-ordered 63-bit ids: 41 bits of milliseconds, 7 bits that distinguish processes, 7 bits of sequence, 8 bits of the owner's bucket.
 * Thread-safe.
 *
 * <p>A merchant's id has a random bucket, and every id of a record that belongs to the merchant has the same one. A database that is sharded by
 * bucket therefore finds the shard of any record, and of any wake, from the id alone.
 *
 * <p>Two processes may draw the same 7 bits. Every id is a primary key, so a collision is a failed insert, after which {@link #redraw()} draws
 * other bits: no lease, no registration, nothing overwritten.
 */
public final class Ids {
    /** Number of buckets: the greatest number of shards. */
    public static final int BUCKETS = 256;

    /** 2024-01-01T00:00:00Z, where the 41 bits of milliseconds begin; they last 69 years. */
    private static final long EPOCH_MILLIS = 1_704_067_200_000L;

    private static final long MILLIS_MAX = (1L << 41) - 1;
    private static final int PROCESS_BITS = 7;
    private static final int SEQUENCE_BITS = 7;
    private static final int BUCKET_BITS = 8;
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TEXT_LENGTH = 13;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long process;
    /** The last id without its bucket. */
    private long last;

    /**
     * @param last the greatest id already used in this store, or 0: ids stay in order even if the clock was set back
     */
    public Ids(InstantSource clock, RandomGenerator random, long last) {
        this.clock = clock;
        this.random = random;
        this.last = last >> BUCKET_BITS;
        redraw();
    }

    /** The next id of a record that belongs to no merchant, or of a new merchant: its bucket is random. Greater than all before it from this instance. */
    public synchronized long next() {
        return advance() << BUCKET_BITS | random.nextInt(BUCKETS);
    }

    /** The next id of a record that belongs to this merchant. Greater than all before it from this instance. */
    public long next(MerchantId owner) {
        return nextBeside(owner.value());
    }

    /** The next id of a record that belongs to the owner of the record with this id. Greater than all before it from this instance. */
    public synchronized long nextBeside(long id) {
        return advance() << BUCKET_BITS | bucket(id);
    }

    private long advance() {
        long floor = first(clock.millis()) >> BUCKET_BITS | process << SEQUENCE_BITS;
        if (floor > last) {
            last = floor;
        } else if ((last + 1 & (1L << SEQUENCE_BITS) - 1) != 0) {
            last++;
        } else {
            // The sequence of this millisecond is used up (or the clock stands still): take the next millisecond's.
            last = ((last >> PROCESS_BITS + SEQUENCE_BITS) + 1) << PROCESS_BITS + SEQUENCE_BITS
                    | process << SEQUENCE_BITS;
        }
        return last;
    }

    /** Draws other process bits, after an insert failed because an id was taken. */
    public synchronized void redraw() {
        process = random.nextInt(1 << PROCESS_BITS);
    }

    /** The bucket of an id, from 0 to {@link #BUCKETS} - 1; the same for a merchant and all its records. */
    public static int bucket(long id) {
        return (int) (id & BUCKETS - 1);
    }

    /** The smallest id of a millisecond: a bound for searches by time. Times outside the range of ids give its first or last millisecond. */
    public static long first(long epochMillis) {
        return span(Math.clamp(epochMillis, EPOCH_MILLIS, EPOCH_MILLIS + MILLIS_MAX) - EPOCH_MILLIS);
    }

    /** The distance between ids that were generated this many milliseconds apart. */
    public static long span(long millis) {
        return millis << PROCESS_BITS + SEQUENCE_BITS + BUCKET_BITS;
    }

    /** Writes an id: the prefix and 13 digits of Crockford's base 32, so that the order of texts is the order of ids. */
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
     * @throws InvalidValueException if it is not such an id
     */
    public static long parse(String prefix, String text) {
        if (!text.startsWith(prefix) || text.length() != prefix.length() + TEXT_LENGTH) {
            throw notAnId(prefix);
        }
        long id = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0 || id >>> 58 != 0) {
                throw notAnId(prefix);
            }
            id = id << 5 | digit;
        }
        return id;
    }

    private static InvalidValueException notAnId(String prefix) {
        return new InvalidValueException("invalid_id", "is not an id of the form " + prefix + "…", prefix);
    }
}
