package dev.rung.adapter.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PassingTest {
    private static final int DELAY = 30_000;
    private static final int OTHER = 5_000;
    private final Passing passing = new Passing();

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
}
