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
 * The server's clock: monotonic, begun from a reference (the database's clock, or the machine's) and led after it gently. Thread-safe;
 * reading it costs a {@code nanoTime}.
 *
 * <p>Every few seconds the reference is read again and the pace corrected by at most {@value #SLEW_MAX_PPM} parts per million, so
 * that a due time never jumps and a ladder's wait of five minutes is true within 0.15 s at the very worst. A step of the reference of more
 * than 2 s is counted and reported, and then approached at that same pace, 43 s a day: a clock set an hour ahead is followed in three
 * months, or by the next start. Until then {@link #offset()} tells how far apart the two are.
 */
public final class SteadyClock implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

    static final long SLEW_MAX_PPM = 500;
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration READ_EVERY = Duration.ofSeconds(5);
    /** A correction is spread over so long, which damps the noise of reading. */
    private static final double CORRECT_WITHIN_NANOS = 30e9;
    /** The reference may be whole milliseconds; what is less apart than that is not apart. */
    private static final long RESOLUTION_NANOS = 1_000_000;
    /** A new pace begins shortly after it was worked out, so that no reader is yet beyond its beginning. */
    private static final long AHEAD_NANOS = 10_000_000;

    private final InstantSource reference;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> stepped;
    private final AtomicLong steps = new AtomicLong();
    private volatile Pace pace;
    private volatile long offsetNanos;

    /**
     * A straight line of time, and the one before it.
     *
     * @param from the {@code nanoTime} it begins at
     * @param at the time at its beginning, in nanoseconds since the epoch
     * @param ppm how much faster than {@code nanoTime} it runs, in parts per million
     */
    private record Pace(long from, long at, double ppm, long fromBefore, long atBefore, double ppmBefore) {
        static Pace from(long from, long at) {
            return new Pace(from, at, 0, from, at, 0);
        }

        long at(long nano) {
            return nano - from < 0 ? on(fromBefore, atBefore, ppmBefore, nano) : on(from, at, ppm, nano);
        }

        Pace then(long beginning, double newPpm) {
            return new Pace(beginning, at(beginning), newPpm, from, at, ppm);
        }

        private static long on(long from, long at, double ppm, long nano) {
            long passed = nano - from;
            return at + passed + (long) (passed * ppm / 1e6);
        }
    }

    /**
     * Begins at the reference's time.
     *
     * @param stepped is told of each step: how far ahead (or, negative, behind) the reference is now
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
        this.pace = Pace.from(before + (nanoTime.getAsLong() - before) / 2, at);
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
        return pace.at(nanoTime.getAsLong());
    }

    /** Steps of the reference seen so far. */
    public long steps() {
        return steps.get();
    }

    /** How far ahead (or, negative, behind) the reference was when it was last read. */
    public Duration offset() {
        return Duration.ofNanos(offsetNanos);
    }

    /** Reads the reference every few seconds from now on. */
    public void follow(Timer timer) {
        timer.after(READ_EVERY, () -> {
            try {
                compare();
            } catch (RuntimeException e) {
                LOG.warn("Could not read the reference clock; going on at the present pace.", e);
            }
            follow(timer);
        });
    }

    /** Reads the reference and corrects the pace. */
    void compare() {
        long before = nanoTime.getAsLong();
        long read = nanos(reference.instant());
        long after = nanoTime.getAsLong();
        long offset = read - pace.at(before + (after - before) / 2);
        long doubt = (after - before) / 2 + RESOLUTION_NANOS;
        if (Math.abs(offset - offsetNanos) > STEP.toNanos() + doubt) {
            steps.incrementAndGet();
            stepped.accept(Duration.ofNanos(offset));
        }
        offsetNanos = offset;
        long sure = Math.max(0, Math.abs(offset) - doubt);
        double ppm = Math.min(SLEW_MAX_PPM, sure / CORRECT_WITHIN_NANOS * 1e6);
        pace = pace.then(after + AHEAD_NANOS, offset < 0 ? -ppm : ppm);
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
