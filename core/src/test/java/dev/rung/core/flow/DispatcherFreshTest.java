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
    private final FlowFixture scene = new FlowFixture();

    @BeforeEach
    void start() {
        scene.start();
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
        scene.accept(ACTIVE, null, false);
        assertThat(scene.sent).hasSize(1);
        assertThat(new String(scene.sent.getFirst().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{}");
        assertThat(scene.queue.scheduled).isEmpty();
    }

    @Test
    void aPausedMerchantsIsLeftToTheQueue() {
        scene.accept(PAUSED, null, false);
        assertThat(scene.sent).isEmpty();
        assertThat(scene.queue.scheduled).hasSize(1);
    }

    @Test
    void anOrderedOneIsLookedUpFirst() {
        scene.accept(ACTIVE, null, true);
        assertThat(scene.sent).isEmpty();
        assertThat(scene.queue.scheduled).hasSize(1);
    }

    @Test
    void oneDueLaterWaitsInTheQueue() {
        scene.accept(ACTIVE, scene.now() + 1_000, false);
        assertThat(scene.sent).isEmpty();
        assertThat(scene.queue.scheduled).extracting(Wake::dueAt).containsExactly(scene.now() + 1_000);
    }

    @Test
    void nothingIsAttemptedWhileTheServerDrains() {
        scene.engine.drain(Duration.ofSeconds(1));
        scene.accept(ACTIVE, null, false);
        assertThat(scene.sent).isEmpty();
        assertThat(scene.queue.scheduled).hasSize(1);
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
