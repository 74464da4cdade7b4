package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelayQueueProgressTest {
    private static final int DELAY = 30_000;
    private static final int OTHER = 5_000;
    private final DelayQueueProgress progress = new DelayQueueProgress();

    @BeforeEach
    void consuming() {
        progress.consuming(0);
    }

    @Test
    void nothingIsKnownOfAQueueThatNothingCameOutOf() {
        assertThat(progress.hasPassed(DELAY, 0)).isFalse();
        assertThat(progress.mayStillRelease(DELAY, 0, 1_000_000)).isFalse();
        assertThat(progress.doubtful(1_000_000)).isEmpty();
    }

    @Test
    void anArrivalTellsOfAllThatExpiredBeforeItInItsQueue() {
        progress.arrived(DELAY, 1_000);
        assertThat(progress.hasPassed(DELAY, 31_000)).isTrue();
        assertThat(progress.hasPassed(DELAY, 31_001)).isFalse();
        assertThat(progress.hasPassed(OTHER, 31_000)).isFalse();
        assertThat(progress.mayStillRelease(DELAY, 31_001, 31_001)).isTrue();
    }

    @Test
    void anOlderArrivalTakesNothingBack() {
        progress.arrived(DELAY, 1_000);
        progress.arrived(DELAY, 900);
        assertThat(progress.hasPassed(DELAY, 31_000)).isTrue();
    }

    @Test
    void marksFollowAsLongAsAWakeOfThisServerIsInTheQueue() {
        progress.entered(DELAY, 1_000);
        progress.entered(OTHER, 1_000);
        assertThat(progress.toMark(6_000)).containsExactlyInAnyOrder(DELAY, OTHER);
        assertThat(progress.toMark(6_001)).containsExactly(DELAY);
        assertThat(progress.toMark(31_001)).isEmpty();
    }

    @Test
    void aQueueWhoseMarkIsOverdueIsLateThenDoubtfulThenStalled() {
        progress.marked(DELAY, 100_000);
        progress.marked(DELAY, 101_000);
        assertThat(progress.mayStillRelease(DELAY, 130_000, 131_000)).isFalse();
        assertThat(progress.mayStillRelease(DELAY, 130_000, 131_001)).as("late").isTrue();
        assertThat(progress.doubtful(132_000)).isEmpty();
        assertThat(progress.doubtful(132_001)).containsExactly(DELAY);
        assertThat(progress.isAvoided(DELAY)).isFalse();

        assertThat(progress.judge(DELAY, 133_600)).isTrue();

        assertThat(progress.avoided()).containsExactly(DELAY);
        assertThat(progress.isHoldingBack(DELAY, 130_000)).isTrue();
        assertThat(progress.mayStillRelease(DELAY, 130_000, 134_000)).isFalse();
        assertThat(progress.stalls()).isOne();
        assertThat(progress.judge(DELAY, 135_000)).as("once").isFalse();
    }

    @Test
    void aQueueThatLetsGoMeanwhileHasNotStalled() {
        progress.marked(DELAY, 100_000);
        assertThat(progress.doubtful(132_001)).containsExactly(DELAY);
        progress.arrived(DELAY, 100_000);
        assertThat(progress.judge(DELAY, 133_600)).isFalse();
    }

    @Test
    void aStalledQueueIsUsedAgainWhenSomethingComesOutOfIt() {
        progress.marked(DELAY, 100_000);
        progress.judge(DELAY, 133_600);

        assertThat(progress.arrived(DELAY, 99_000)).isTrue();

        assertThat(progress.avoided()).isEmpty();
        assertThat(progress.resumptions()).isOne();
        assertThat(progress.arrived(DELAY, 99_500)).isFalse();
    }

    @Test
    void anAvoidedQueueIsStillMarkedNowAndThen() {
        progress.marked(DELAY, 100_000);
        progress.judge(DELAY, 133_600);
        assertThat(progress.toMark(140_000)).containsExactly(DELAY);
        assertThat(progress.toMark(149_999)).isEmpty();
        assertThat(progress.toMark(150_000)).containsExactly(DELAY);
    }

    @Test
    void aQueueThatTakesNothingIsAvoidedUntilItDoes() {
        assertThat(progress.refused(DELAY)).isTrue();
        assertThat(progress.refused(DELAY)).isFalse();
        assertThat(progress.avoided()).containsExactly(DELAY);
        progress.marked(DELAY, 100_000);
        assertThat(progress.avoided()).isEmpty();
    }

    @Test
    void nothingIsLateWhileNothingIsConsumedAndForAMomentAfterwards() {
        progress.marked(DELAY, 100_000);
        progress.notConsuming();
        assertThat(progress.doubtful(1_000_000)).isEmpty();
        progress.consuming(200_000);
        assertThat(progress.doubtful(202_000)).isEmpty();
        assertThat(progress.doubtful(202_001)).containsExactly(DELAY);
    }

    @Test
    void marksThatTheBrokerForgotAreNotMissed() {
        progress.marked(DELAY, 100_000);
        progress.forgotten();
        assertThat(progress.doubtful(1_000_000)).isEmpty();
    }

    @Test
    void whatThisServerPutInIsCountedUntilItHasPassed() {
        progress.entered(DELAY, 1_000);
        progress.entered(DELAY, 3_000);
        assertThat(progress.waiting(DELAY)).isEqualTo(2);
        progress.arrived(DELAY, 2_500);
        assertThat(progress.waiting(DELAY)).isEqualTo(1);
    }
}
