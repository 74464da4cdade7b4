package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelayQueueProgressTest {
    private static final int DELAY = 30_000;
    private static final int OTHER = 5_000;
    private final DelayQueueProgress passing = new DelayQueueProgress();

    @Test
    void nothingIsKnownOfAQueueThatNothingCameOutOf() {
        assertThat(passing.hasPassed(DELAY, 0)).isFalse();
        assertThat(passing.isStillArriving(DELAY)).isFalse();
    }

    @Test
    void anArrivalTellsOfAllThatExpiredBeforeItInItsQueue() {
        passing.arrived(DELAY, 1_000);
        assertThat(passing.hasPassed(DELAY, 31_000)).isTrue();
        assertThat(passing.hasPassed(DELAY, 31_001)).isFalse();
        assertThat(passing.hasPassed(OTHER, 31_000)).isFalse();
        assertThat(passing.isStillArriving(DELAY)).isTrue();
    }

    @Test
    void anOlderArrivalTakesNothingBack() {
        passing.arrived(DELAY, 1_000);
        passing.arrived(DELAY, 900);
        assertThat(passing.hasPassed(DELAY, 31_000)).isTrue();
    }

    @Test
    void aMarkFollowsAsLongAsOneOfOursIsInTheQueue() {
        passing.entered(DELAY, 1_000);
        passing.entered(OTHER, 1_000);
        assertThat(passing.toMark(6_000)).containsExactlyInAnyOrder(DELAY, OTHER);
        assertThat(passing.toMark(6_001)).containsExactly(DELAY);
        passing.entered(OTHER, 7_000);
        assertThat(passing.toMark(31_001)).isEmpty();
    }

    /** A mark a second, from then to then. */
    private void row(long from, long to) {
        for (long at = from; at <= to; at += 1_000) {
            passing.marked(DELAY, at);
        }
    }

    @Test
    void aQueueThatMarksShouldHaveComeOutOfIsLate() {
        assertThat(passing.isLate(DELAY, 1_000_000)).as("nothing was put in").isFalse();
        row(100_000, 160_000);
        assertThat(passing.isLate(DELAY, 129_000)).as("none has had its time").isFalse();
        assertThat(passing.isLate(DELAY, 138_000)).isTrue();

        passing.arrived(DELAY, 160_000);
        assertThat(passing.isLate(DELAY, 197_000)).as("the last has come").isFalse();
    }

    @Test
    void aFewMarksThatOthersTookAreNotMissed() {
        row(100_000, 160_000);
        passing.arrived(DELAY, 157_000);
        assertThat(passing.isLate(DELAY, 200_000)).isFalse();
    }

    @Test
    void aRowThatWasLostMakesAQueueLateForAMinuteAtMost() {
        row(100_000, 110_000);
        assertThat(passing.isLate(DELAY, 150_000)).isTrue();
        assertThat(passing.isLate(DELAY, 201_000)).isFalse();
    }

    @Test
    void afterAPauseOrAnotherBrokerANewRowBegins() {
        row(100_000, 110_000);
        passing.marked(DELAY, 150_000);
        assertThat(passing.isLate(DELAY, 152_000))
                .as("the new row has had no time")
                .isFalse();
        row(151_000, 170_000);
        assertThat(passing.isLate(DELAY, 190_000)).isTrue();
        passing.startOver();
        assertThat(passing.isLate(DELAY, 190_000)).isFalse();
    }
}
