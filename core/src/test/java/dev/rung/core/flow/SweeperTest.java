package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.Wake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lost wakes are found, whatever else fails, and the queue is never given more than it can take. */
class SweeperTest {
    private static final int MANY = 5_000;

    private final FlowFixture scene = new FlowFixture();

    @Test
    void aSweepThatFailsIsNotTheLast() {
        AtomicBoolean failing = new AtomicBoolean(true);
        scene.store.failing(method -> {
            if (method.equals("queued") && failing.getAndSet(false)) {
                throw new IllegalStateException("a defect");
            }
            return StoreFaults.Fault.NONE;
        });
        scene.start();
        scene.accept(ACTIVE, scene.now() + 1_000, false);

        scene.pass(Duration.ofSeconds(15));

        assertThat(scene.events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
        assertThat(scene.queue.scheduled).extracting(Wake::number).startsWith(1, 2);
    }

    @Test
    void aQueueThatFailsOnceIsUsedAgainAndWhatItDidNotTakeIsRearmed() {
        scene.start();
        scene.queue.defect = new IllegalStateException("a defect");
        scene.accept(ACTIVE, scene.now() + 60_000, false);
        assertThat(scene.queue.scheduled).isEmpty();

        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.queue.scheduled).extracting(Wake::number).containsExactly(2);
        scene.accept(ACTIVE, scene.now() + 60_000, false);
        assertThat(scene.queue.scheduled).hasSize(2);
    }

    @Test
    void aQueueThatForgotIsFilledNoFasterThanItConfirms() {
        waiting(MANY, scene.now() + 60_000);
        CompletableFuture<@Nullable Void> done = forgotten();

        assertThat(scene.queue.scheduled).hasSizeBetween(1, MANY / 2);
        assertThat(done).isNotDone();
        scene.queue.confirm();
        scene.queue.confirm();
        scene.queue.confirm();
        assertThat(scene.queue.scheduled).hasSize(MANY);
        assertThat(done).isCompleted();
    }

    @Test
    void aQueueThatForgotIsNotCalledWholeWhenTheServerStopsFillingIt() {
        waiting(MANY, scene.now() + 60_000);
        CompletableFuture<@Nullable Void> done = forgotten();

        scene.engine.drain(Duration.ofSeconds(1));
        scene.queue.confirm();

        assertThat(scene.queue.scheduled).hasSizeLessThan(MANY);
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void whatComesNearIsBroughtNoFasterThanTheQueueConfirms() {
        waiting(MANY, scene.now() + Duration.ofMinutes(20).toMillis());
        assertThat(scene.queue.scheduled).isEmpty();
        scene.queue.unconfirmed = new ArrayList<>();

        scene.pass(Duration.ofMinutes(5).plusSeconds(10));
        assertThat(scene.queue.scheduled).hasSizeBetween(1, MANY / 2);
        scene.queue.confirm();
        scene.queue.confirm();
        scene.queue.confirm();
        assertThat(scene.queue.scheduled).hasSize(MANY);
    }

    /** The work queue is deleted while another server attempts what came out of it. */
    @Test
    void whatIsDueWhenTheQueueForgetsIsNotRearmedBeforeAnotherServersAttemptMustHaveEnded() {
        scene.queue.shared = true;
        waiting(3, scene.now() + 5_000);
        scene.pass(Duration.ofMillis(4_999));
        CompletableFuture<@Nullable Void> done = forgotten();

        assertThat(done).isCompleted();
        scene.pass(Duration.ofSeconds(6));
        assertThat(scene.queue.scheduled).isEmpty();
        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.queue.scheduled).hasSize(3);
    }

    /** {@code count} deliveries wait; the queue has the wakes of the near ones. */
    private void waiting(int count, long dueAt) {
        scene.start();
        for (int i = 0; i < count; i++) {
            scene.accept(ACTIVE, dueAt, false);
        }
    }

    private CompletableFuture<@Nullable Void> forgotten() {
        scene.queue.scheduled.clear();
        scene.queue.unconfirmed = new ArrayList<>();
        return scene.queue.listener().forgotten().toCompletableFuture();
    }
}
