package dev.rung.queue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final long T0 = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli() * 1_000_000;

    private long nanos = 5_000;
    private long referenceNanos = T0;
    private final List<Duration> reported = new ArrayList<>();
    private boolean away;
    private final SteadyClock clock = new SteadyClock(this::reference, () -> nanos, reported::add);

    private Instant reference() {
        if (away) {
            throw new IllegalStateException("away");
        }
        return Instant.ofEpochSecond(referenceNanos / 1_000_000_000, referenceNanos % 1_000_000_000);
    }

    private long error() {
        return nanosOf(clock) - referenceNanos;
    }

    private static long nanosOf(InstantSource clock) {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    /** Lets real time pass; {@code referencePpm} is how much faster the reference runs. */
    private void pass(Duration time, double referencePpm) {
        nanos += time.toNanos();
        referenceNanos += time.toNanos() + (long) (time.toNanos() * referencePpm / 1e6);
    }

    /** Reads the reference every five seconds, as a server does. */
    private void live(Duration time, double referencePpm) {
        for (long s = 0; s < time.toSeconds(); s += 5) {
            pass(Duration.ofSeconds(5), referencePpm);
            clock.compare();
        }
    }

    @Test
    void itBeginsAtTheReferencesTime() {
        assertThat(nanosOf(clock)).isEqualTo(T0);
        assertThat(clock.millis()).isEqualTo(T0 / 1_000_000);
        pass(Duration.ofMillis(1_500), 0);
        assertThat(clock.millis()).isEqualTo(T0 / 1_000_000 + 1_500);
    }

    @Test
    void itKeepsToAReferenceThatRunsALittleFasterOrSlower() {
        for (double ppm : new double[] {100, -80}) {
            live(Duration.ofMinutes(30), ppm);
            assertThat(Math.abs(error())).isLessThan(Duration.ofMillis(6).toNanos());
        }
        assertThat(clock.steps()).isZero();
    }

    @Test
    void aSmallDifferenceIsMadeUpGentlyAndWithoutOvershooting() {
        referenceNanos += Duration.ofMillis(500).toNanos();
        long before = error();
        for (int i = 0; i < 1_000; i++) {
            pass(Duration.ofSeconds(5), 0);
            clock.compare();
            assertThat(error()).isBetween(before, Duration.ofMillis(1).toNanos());
            assertThat(error() - before)
                    .isLessThanOrEqualTo(Duration.ofSeconds(5).toNanos() * 500 / 1_000_000 + 1_000);
            before = error();
        }
        assertThat(Math.abs(error())).isLessThan(Duration.ofMillis(2).toNanos());
        assertThat(reported).isEmpty();
    }

    @Test
    void aStepIsCountedAndReportedOnceAndMovesNoDueTime() {
        for (int sign : new int[] {1, -1}) {
            reported.clear();
            long steps = clock.steps();
            pass(Duration.ofSeconds(5), 0);
            clock.compare();
            long expected = nanosOf(clock);
            referenceNanos += sign * Duration.ofHours(1).toNanos();
            for (int i = 0; i < 60; i++) {
                pass(Duration.ofSeconds(5), 0);
                clock.compare();
                expected += Duration.ofSeconds(5).toNanos();
            }
            assertThat(clock.steps()).isEqualTo(steps + 1);
            assertThat(reported).hasSize(1);
            assertThat(reported.getFirst().minus(Duration.ofHours(sign)).abs()).isLessThan(Duration.ofSeconds(2));
            assertThat(Math.abs(nanosOf(clock) - expected))
                    .isLessThan(Duration.ofMillis(151).toNanos());
            assertThat(clock.offset().minus(Duration.ofHours(sign)).abs()).isLessThan(Duration.ofSeconds(2));
            referenceNanos -= sign * Duration.ofHours(1).toNanos();
            pass(Duration.ofSeconds(5), 0);
            clock.compare();
            assertThat(clock.steps()).as("the step back is one too").isEqualTo(steps + 2);
        }
    }

    @Test
    void aDifferenceOfLessThanTwoSecondsIsNoStep() {
        referenceNanos += Duration.ofMillis(1_900).toNanos();
        live(Duration.ofMinutes(1), 0);
        assertThat(clock.steps()).isZero();
        assertThat(reported).isEmpty();
    }

    @Test
    void itNeverGoesBackHoweverItsPaceChanges() {
        long before = nanosOf(clock);
        for (int i = 0; i < 10_000; i++) {
            nanos += 1 + i % 7 * 100_000L;
            referenceNanos += i % 3 == 0
                    ? Duration.ofSeconds(1).toNanos()
                    : -Duration.ofMillis(400).toNanos();
            if (i % 50 == 0) {
                clock.compare();
            }
            long now = nanosOf(clock);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void aReferenceThatIsAwayLeavesThePaceAndIsAskedAgain() {
        List<Runnable> asked = new ArrayList<>();
        clock.follow((delay, task) -> {
            assertThat(delay).isEqualTo(Duration.ofSeconds(5));
            asked.add(task);
            return () -> {};
        });
        away = true;
        pass(Duration.ofSeconds(5), 0);
        asked.getLast().run();
        assertThat(error()).isZero();

        away = false;
        referenceNanos += Duration.ofSeconds(10).toNanos();
        asked.getLast().run();
        assertThat(asked).hasSize(3);
        assertThat(clock.steps()).isEqualTo(1);
    }
}
