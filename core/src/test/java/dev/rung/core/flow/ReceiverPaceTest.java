package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.HoldReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiverPaceTest {
    private final ReceiverPace pace = new ReceiverPace();
    private long now = 1_700_000_000_000L;

    @Test
    void withoutARateAttemptsBeginAtOnce() {
        assertThat(pace.startsWithin(now, 1)).isEqualTo(Integer.MAX_VALUE);
        pace.started(now, false);
        assertThat(pace.mayStart(now, false)).isTrue();
    }

    @Test
    void attemptsAreSpacedByTheRate() {
        for (double rate : new double[] {0.1, 1, 20, 333, 10_000}) {
            ReceiverPace spaced = new ReceiverPace();
            spaced.setRate(rate);
            long seconds = (long) Math.max(3, 30 / rate);
            int begun = 0;
            int inThisSecond = 0;
            for (long ms = 0; ms < seconds * 1_000; ms++) {
                inThisSecond = ms % 1_000 == 0 ? 0 : inThisSecond;
                while (spaced.mayStart(now + ms, false)) {
                    spaced.started(now + ms, false);
                    begun++;
                    inThisSecond++;
                }
                assertThat(inThisSecond).as("at a rate of %s", rate).isLessThanOrEqualTo((int) Math.ceil(rate) + 1);
            }
            assertThat((double) begun).isBetween(rate * seconds * 0.9, rate * seconds + 1);
        }
        pace.setRate(20.0);
        pace.started(now, false);
        assertThat(pace.reason(now)).isEqualTo(HoldReason.RATE);
        assertThat(pace.nextStart(now, false)).isEqualTo(now + 53);
        assertThat(pace.startsWithin(now, 400)).isEqualTo(7);
    }

    @Test
    void nothingBeginsBeforeTheTimeThatTheReceiverAskedFor() {
        pace.started(now, false);
        assertThat(throttled(Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(pace.mayStart(now + 6_999, false)).isFalse();
        assertThat(pace.reason(now)).isEqualTo(HoldReason.THROTTLE);
        assertThat(pace.startsWithin(now, 6_999)).isZero();
        assertThat(pace.mayStart(now + 7_000, false)).isTrue();
        assertThat(pace.isThrottled(now + 7_000))
                .as("it is not sent everything yet")
                .isTrue();
    }

    @Test
    void aUsersAttemptWaitsForTheRateAlone() {
        pace.setRate(1.0);
        throttled(Duration.ofSeconds(7));
        assertThat(pace.mayStart(now, true)).isTrue();
        pace.started(now, true);
        assertThat(pace.mayStart(now + 1_049, true)).isFalse();
        assertThat(pace.mayStart(now + 1_050, true)).isTrue();
        assertThat(pace.nextStart(now, false)).isEqualTo(now + 7_000);
    }

    @Test
    void withoutATimeTheWaitsDoubleToAMinute() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(throttled(null)).isEqualTo(Duration.ofSeconds(seconds));
            // What was in flight at the same time does not double it.
            assertThat(pace.throttled(now - 1, now, null)).isEqualTo(Duration.ofSeconds(seconds));
            now = pace.throttledUntil();
        }
        pace.answered(now, now);
        now++;
        assertThat(throttled(null)).as("after an answer").isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aWaitOfMoreThanADayIsReduced() {
        assertThat(throttled(Duration.ofDays(9))).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void aReceiverThatTakesTwentyASecondIsNotOverrun() {
        Limited receiver = new Limited(20);
        int accepted = 0;
        int refused = 0;
        long began = now;
        while (accepted < 1_000) {
            while (pace.mayStart(now, false)) {
                pace.started(now, false);
                if (receiver.takes(now)) {
                    accepted++;
                    pace.answered(now, now);
                } else {
                    refused++;
                    pace.throttled(now, now, Duration.ofSeconds(1));
                }
            }
            now++;
        }
        assertThat(now - began).isLessThan(65_000);
        assertThat(refused).isLessThan(50);
    }

    @Test
    void aReceiverThatNoLongerAsksToWaitIsSentEverythingAgain() {
        throttled(Duration.ofSeconds(1));
        now = pace.throttledUntil();
        long resumed = now;
        while (pace.isThrottled(now)) {
            while (pace.mayStart(now, false) && pace.isThrottled(now)) {
                pace.started(now, false);
                pace.answered(now, now);
            }
            now++;
            assertThat(now - resumed).isLessThan(120_000);
        }
    }

    @Test
    void whatAnotherProcessWasToldHolds() {
        pace.throttledElsewhere(now + 5_000);
        assertThat(pace.mayStart(now + 4_999, false)).isFalse();
        assertThat(pace.mayStart(now + 5_000, false)).isTrue();
    }

    private Duration throttled(@Nullable Duration asked) {
        return pace.throttled(now, now, asked);
    }

    /** Takes so many in any second. */
    private static final class Limited {
        private final java.util.ArrayDeque<Long> window = new java.util.ArrayDeque<>();
        private final int perSecond;

        Limited(int perSecond) {
            this.perSecond = perSecond;
        }

        boolean takes(long now) {
            while (!window.isEmpty() && now - window.getFirst() > 1_000) {
                window.removeFirst();
            }
            return window.size() < perSecond && window.add(now);
        }
    }
}
