package dev.rung.queue.local;

import dev.rung.core.port.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's clock: monotonic, started from a reference (the database's clock, or the machine's), which it follows
 * smoothly. Thread-safe; a read costs one {@code nanoTime}.
 *
 * <p>Every few seconds the reference is read again and the rate corrected by at most {@value #SLEW_MAX_PPM} parts per
 * million, so that a due time never jumps and a wait of five minutes is exact to 0.15 s in the worst case. A step of
 * the reference of more than 2 s is counted and reported, and then approached at the same rate, 43 s a day: a clock
 * that is set an hour ahead is reached after three months, or at the next start. {@link #offset()} is the current
 * difference.
 */
public final class SteadyClock implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

    static final long SLEW_MAX_PPM = 500;
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration READ_EVERY = Duration.ofSeconds(5);
    /** The time over which a correction is spread; this damps the noise of readings. */
    private static final double CORRECT_WITHIN_NANOS = 30e9;
    /** The reference may have only millisecond resolution; a smaller difference is ignored. */
    private static final long RESOLUTION_NANOS = 1_000_000;
    /** A new rate takes effect shortly after its computation, so that no reader has passed its start. */
    private static final long AHEAD_NANOS = 10_000_000;

    private final InstantSource reference;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> stepped;
    private final AtomicLong steps = new AtomicLong();
    private volatile Segment segment;
    private volatile long offsetNanos;

    /**
     * A linear segment of time, and its predecessor.
     *
     * @param from the {@code nanoTime} at its start
     * @param at the time at its start, in nanoseconds since the epoch
     * @param ppm how much faster than {@code nanoTime} it runs, in parts per million
     */
    private record Segment(long from, long at, double ppm, long fromBefore, long atBefore, double ppmBefore) {
        static Segment from(long from, long at) {
            return new Segment(from, at, 0, from, at, 0);
        }

        long at(long nano) {
            return nano - from < 0 ? on(fromBefore, atBefore, ppmBefore, nano) : on(from, at, ppm, nano);
        }

        Segment then(long beginning, double newPpm) {
            return new Segment(beginning, at(beginning), newPpm, from, at, ppm);
        }

        private static long on(long from, long at, double ppm, long nano) {
            long passed = nano - from;
            return at + passed + (long) (passed * ppm / 1e6);
        }
    }

    /**
     * Starts at the reference's time.
     *
     * @param stepped called for each step with the difference of the reference: positive if ahead, negative if
     *     behind
     */
    public SteadyClock(InstantSource reference, Consumer<Duration> stepped) {
        this(reference, System::nanoTime, stepped);
    }

    SteadyClock(InstantSource reference, LongSupplier nanoTime, Consumer<Duration> stepped) {
        this.reference = reference;
        this.nanoTime = nanoTime;
        this.stepped = stepped;
        long before = nanoTime.getAsLong();
        long at = nanos(reference.instant());
        this.segment = Segment.from(before + (nanoTime.getAsLong() - before) / 2, at);
    }

    @Override
    public Instant instant() {
        long nanos = now();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    @Override
    public long millis() {
        return Math.floorDiv(now(), 1_000_000L);
    }

    private long now() {
        return segment.at(nanoTime.getAsLong());
    }

    /** Number of steps of the reference so far. */
    public long steps() {
        return steps.get();
    }

    /** The difference of the reference when it was last read: positive if ahead, negative if behind. */
    public Duration offset() {
        return Duration.ofNanos(offsetNanos);
    }

    /** Starts reading the reference every few seconds. */
    public void follow(Timer timer) {
        timer.after(READ_EVERY, () -> {
            try {
                compare();
            } catch (RuntimeException e) {
                LOG.warn("Could not read the reference clock; continuing at the current rate.", e);
            }
            follow(timer);
        });
    }

    /** Reads the reference and corrects the rate. */
    void compare() {
        long before = nanoTime.getAsLong();
        long read = nanos(reference.instant());
        long after = nanoTime.getAsLong();
        long offset = read - segment.at(before + (after - before) / 2);
        long doubt = (after - before) / 2 + RESOLUTION_NANOS;
        if (Math.abs(offset - offsetNanos) > STEP.toNanos() + doubt) {
            steps.incrementAndGet();
            stepped.accept(Duration.ofNanos(offset));
        }
        offsetNanos = offset;
        long sure = Math.max(0, Math.abs(offset) - doubt);
        double ppm = Math.min(SLEW_MAX_PPM, sure / CORRECT_WITHIN_NANOS * 1e6);
        segment = segment.then(after + AHEAD_NANOS, offset < 0 ? -ppm : ppm);
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
