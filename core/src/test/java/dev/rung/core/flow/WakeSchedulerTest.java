package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the queue does not confirm is re-armed, and seldom more than once. */
class WakeSchedulerTest {
    private static final int MANY = 2_400;

    private final FlowFixture scene = new FlowFixture();

    /** A minority of a broker's nodes takes everything and confirms nothing, for half a minute. */
    @Test
    void aQueueThatConfirmsNothingDoesNotRaiseNumbersAgainAndAgain() {
        scene.start();
        scene.queue.refusing = true;
        for (int i = 0; i < MANY; i++) {
            scene.accept(ACTIVE, scene.now() + 600_000 + i, false);
        }
        scene.pass(Duration.ofSeconds(30));
        scene.queue.refusing = false;
        scene.pass(Duration.ofSeconds(30));

        long waiting = scene.queue.scheduled.stream()
                .mapToLong(wake -> wake.id().value())
                .distinct()
                .count();
        assertThat(waiting).isEqualTo(MANY);
        assertThat(scene.rearms()).isBetween((long) MANY, 2L * MANY);
    }

    @Test
    void nothingIsRearmedWhileTheQueueIsAway() {
        scene.start();
        scene.queue.refusing = true;
        scene.accept(ACTIVE, scene.now() + 600_000, false);
        scene.queue.connected = false;
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.rearms()).isZero();
        scene.queue.connected = true;
        scene.queue.refusing = false;
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.rearms()).isEqualTo(1);
    }
}
