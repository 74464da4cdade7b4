package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the queue does not confirm is re-armed, and seldom more than once. */
class WakeSchedulerTest {
    private static final int MANY = 2_400;

    private final FlowFixture fixture = new FlowFixture();

    /** A minority of a broker's nodes takes everything and confirms nothing, for half a minute. */
    @Test
    void aQueueThatConfirmsNothingDoesNotRaiseNumbersAgainAndAgain() {
        fixture.start();
        fixture.queue.refusing = true;
        for (int i = 0; i < MANY; i++) {
            fixture.accept(ACTIVE, fixture.now() + 600_000 + i, false);
        }
        fixture.pass(Duration.ofSeconds(30));
        fixture.queue.refusing = false;
        fixture.pass(Duration.ofSeconds(30));

        long waiting = fixture.queue.scheduled.stream()
                .mapToLong(wake -> wake.id().value())
                .distinct()
                .count();
        assertThat(waiting).isEqualTo(MANY);
        assertThat(fixture.rearms()).isBetween((long) MANY, 2L * MANY);
    }

    /** The queue may have it all the same, and another server may be attempting it. */
    @Test
    void aWakeThatIsDueIsNotRearmedUntilAnAttemptMustHaveEnded() {
        fixture.start();
        fixture.queue.refusing = true;
        fixture.accept(ACTIVE, fixture.now() + 1_200, false);
        fixture.queue.refusing = false;
        fixture.pass(Duration.ofMillis(1_200).plus(EngineLimits.ATTEMPT_MUST_HAVE_ENDED));
        assertThat(fixture.rearms()).isZero();
        fixture.pass(Duration.ofSeconds(4));
        assertThat(fixture.rearms()).isEqualTo(1);
    }

    @Test
    void nothingIsRearmedWhileTheQueueIsAway() {
        fixture.start();
        fixture.queue.refusing = true;
        fixture.accept(ACTIVE, fixture.now() + 600_000, false);
        fixture.queue.connected = false;
        fixture.pass(Duration.ofMinutes(1));
        assertThat(fixture.rearms()).isZero();
        fixture.queue.connected = true;
        fixture.queue.refusing = false;
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.rearms()).isEqualTo(1);
    }
}
