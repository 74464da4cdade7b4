package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static dev.rung.core.flow.FlowFixture.PAUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Outcome;
import dev.rung.core.model.Wake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fresh notification is attempted at once if a slot is free; otherwise its wake is sent to the queue. */
class DispatcherFreshTest {
    private final FlowFixture fixture = new FlowFixture();

    @BeforeEach
    void start() {
        fixture.start();
    }

    /** The API may accept notifications before the engine is started. */
    @Test
    void whatIsStoredBeforeTheEngineStartsIsLeftToTheQueue() {
        FlowFixture notStarted = new FlowFixture();
        notStarted.accept(ACTIVE, null, false);
        assertThat(notStarted.sent).isEmpty();
        assertThat(notStarted.queue.scheduled).hasSize(1);
    }

    @Test
    void itIsAttemptedWithoutAWake() {
        fixture.accept(ACTIVE, null, false);
        assertThat(fixture.sent).hasSize(1);
        assertThat(new String(fixture.sent.getFirst().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{}");
        assertThat(fixture.queue.scheduled).isEmpty();
    }

    @Test
    void aPausedMerchantsIsLeftToTheQueue() {
        fixture.accept(PAUSED, null, false);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.queue.scheduled).hasSize(1);
    }

    @Test
    void anOrderedOneIsLookedUpFirst() {
        fixture.accept(ACTIVE, null, true);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.queue.scheduled).hasSize(1);
    }

    @Test
    void oneDueLaterWaitsInTheQueue() {
        fixture.accept(ACTIVE, fixture.now() + 1_000, false);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.queue.scheduled).extracting(Wake::dueAt).containsExactly(fixture.now() + 1_000);
    }

    @Test
    void nothingIsAttemptedWhileTheServerDrains() {
        fixture.engine.drain(Duration.ofSeconds(1));
        fixture.accept(ACTIVE, null, false);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.queue.scheduled).hasSize(1);
    }

    @Test
    void whatIsMoreThanTheProcessShouldHoldIsLeftToTheQueue() {
        FlowFixture small = new FlowFixture(new EngineLimits(4, 1_000, 1 << 20, 1));
        small.start();
        small.outcome = Outcome.DECLINED;
        small.queue.unconfirmed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            small.accept(ACTIVE, null, false);
        }
        assertThat(small.sent)
                .as("their next wakes are not confirmed, so they are all in hand")
                .hasSize(32);

        small.queue.confirm();
        small.accept(ACTIVE, null, false);
        assertThat(small.sent).hasSize(33);
    }
}
