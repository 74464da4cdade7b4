package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Wake;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every lost wake is found within the same time, and what may still come is left alone. */
class LostWakeDetectorTest {
    /** A second overdue, a second to the next scan, and an attempt's time. */
    private static final Duration FOUND = Duration.ofMillis(8_100);

    private final FlowFixture scene = new FlowFixture();

    /** One that is lost just after a scan does not wait for the end of that scan's wait. */
    @Test
    void wakesLostOneAfterAnotherAreEachFoundInTime() {
        scene.start();
        for (int i = 1; i <= 10; i++) {
            scene.accept(ACTIVE, scene.now() + 700L * i, false);
        }
        long begin = scene.now();
        for (int i = 1; i <= 10; i++) {
            scene.pass(Duration.ofMillis(begin + 700L * i - scene.now()).plus(FOUND));
            assertThat(rearmed()).as("lost number " + i).isGreaterThanOrEqualTo(i);
        }
        assertThat(rearmed()).isEqualTo(10);
    }

    @Test
    void whatAMovingDelayQueueMayHoldIsLeftAlone() {
        lostOne();
        scene.queue.holding = true;
        scene.pass(Duration.ofMinutes(1));
        assertThat(rearmed()).isZero();
        scene.queue.holding = false;
        scene.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
    }

    @Test
    void whatAStalledDelayQueueHoldsIsRearmedAndRepeatsNothing() {
        lostOne();
        scene.queue.heldBack = true;
        scene.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
        assertThat(scene.delivery(scene.queue.scheduled.getLast()).mayRepeat()).isFalse();
    }

    @Test
    void whatMayHaveBeenCutOffIsMarked() {
        lostOne();
        scene.pass(FOUND);
        assertThat(scene.delivery(scene.queue.scheduled.getLast()).mayRepeat()).isTrue();
    }

    /** What a stalled queue lets go after all may be under way: it is judged again from the beginning. */
    @Test
    void aQueueThatMovesAgainMeanwhileIsJudgedAgain() {
        lostOne();
        scene.queue.heldBack = true;
        scene.pass(Duration.ofSeconds(4));
        scene.queue.heldBack = false;
        scene.queue.resumptions++;
        scene.pass(FOUND.minusSeconds(4));
        assertThat(rearmed()).isZero();
        scene.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
    }

    @Test
    void aProbeThatIsLostIsFollowedByAnother() {
        lostOne();
        scene.queue.probesReturn = false;
        scene.pass(Duration.ofSeconds(5));
        scene.queue.probesReturn = true;
        scene.pass(Duration.ofSeconds(8));
        assertThat(rearmed()).isEqualTo(1);
    }

    private void lostOne() {
        scene.start();
        scene.accept(ACTIVE, scene.now() + 500, false);
        assertThat(scene.queue.scheduled).hasSize(1);
        scene.pass(Duration.ofMillis(500));
    }

    private long rearmed() {
        return scene.queue.scheduled.stream()
                .filter(wake -> wake.number() > 1)
                .map(Wake::id)
                .distinct()
                .count();
    }
}
