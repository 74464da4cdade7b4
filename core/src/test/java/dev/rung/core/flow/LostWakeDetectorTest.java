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

    private final FlowFixture fixture = new FlowFixture();

    /** One that is lost just after a scan does not wait for the end of that scan's wait. */
    @Test
    void wakesLostOneAfterAnotherAreEachFoundInTime() {
        fixture.start();
        for (int i = 1; i <= 10; i++) {
            fixture.accept(ACTIVE, fixture.now() + 700L * i, false);
        }
        long begin = fixture.now();
        for (int i = 1; i <= 10; i++) {
            fixture.pass(Duration.ofMillis(begin + 700L * i - fixture.now()).plus(FOUND));
            assertThat(rearmed()).as("lost number " + i).isGreaterThanOrEqualTo(i);
        }
        assertThat(rearmed()).isEqualTo(10);
    }

    @Test
    void whatAMovingDelayQueueMayHoldIsLeftAlone() {
        lostOne();
        fixture.queue.holding = true;
        fixture.pass(Duration.ofMinutes(1));
        assertThat(rearmed()).isZero();
        fixture.queue.holding = false;
        fixture.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
    }

    @Test
    void whatAStalledDelayQueueHoldsIsRearmedAndRepeatsNothing() {
        lostOne();
        fixture.queue.heldBack = true;
        fixture.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
        assertThat(fixture.delivery(fixture.queue.scheduled.getLast()).mayRepeat())
                .isFalse();
    }

    @Test
    void whatMayHaveBeenCutOffIsMarked() {
        lostOne();
        fixture.pass(FOUND);
        assertThat(fixture.delivery(fixture.queue.scheduled.getLast()).mayRepeat())
                .isTrue();
    }

    @Test
    void anAttemptOfAReceiverWithALongTimeoutIsWaitedFor() {
        fixture.merchants.update(ACTIVE, m -> m.withReceiver(m.receiver().withTimeout(Duration.ofSeconds(20))));
        lostOne();
        fixture.pass(FOUND);
        assertThat(rearmed()).isZero();
        fixture.pass(Duration.ofSeconds(14));
        assertThat(rearmed()).isZero();
        fixture.pass(Duration.ofSeconds(1));
        assertThat(rearmed()).isEqualTo(1);
    }

    /** What a stalled queue lets go after all may be under way: it is judged again from the beginning. */
    @Test
    void aQueueThatMovesAgainMeanwhileIsJudgedAgain() {
        lostOne();
        fixture.queue.heldBack = true;
        fixture.pass(Duration.ofSeconds(4));
        fixture.queue.heldBack = false;
        fixture.queue.resumptions++;
        fixture.pass(FOUND.minusSeconds(4));
        assertThat(rearmed()).isZero();
        fixture.pass(FOUND);
        assertThat(rearmed()).isEqualTo(1);
    }

    @Test
    void aProbeThatIsLostIsFollowedByAnother() {
        lostOne();
        fixture.queue.probesReturn = false;
        fixture.pass(Duration.ofSeconds(5));
        fixture.queue.probesReturn = true;
        fixture.pass(Duration.ofSeconds(8));
        assertThat(rearmed()).isEqualTo(1);
    }

    private void lostOne() {
        fixture.start();
        fixture.accept(ACTIVE, fixture.now() + 500, false);
        assertThat(fixture.queue.scheduled).hasSize(1);
        fixture.pass(Duration.ofMillis(500));
    }

    private long rearmed() {
        return fixture.queue.scheduled.stream()
                .filter(wake -> wake.number() > 1)
                .map(Wake::id)
                .distinct()
                .count();
    }
}
