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

    private final FlowFixture fixture = new FlowFixture();

    @Test
    void aSweepThatFailsIsNotTheLast() {
        AtomicBoolean failing = new AtomicBoolean(true);
        fixture.store.failing(method -> {
            if (method.equals("queued") && failing.getAndSet(false)) {
                throw new IllegalStateException("a defect");
            }
            return StoreFaults.Fault.NONE;
        });
        fixture.start();
        fixture.accept(ACTIVE, fixture.now() + 1_000, false);

        fixture.pass(Duration.ofSeconds(15));

        assertThat(fixture.events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
        assertThat(fixture.queue.scheduled).extracting(Wake::number).startsWith(1, 2);
    }

    @Test
    void aQueueThatFailsOnceIsUsedAgainAndWhatItDidNotTakeIsRearmed() {
        fixture.start();
        fixture.queue.defect = new IllegalStateException("a defect");
        fixture.accept(ACTIVE, fixture.now() + 60_000, false);
        assertThat(fixture.queue.scheduled).isEmpty();

        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.queue.scheduled).extracting(Wake::number).containsExactly(2);
        fixture.accept(ACTIVE, fixture.now() + 60_000, false);
        assertThat(fixture.queue.scheduled).hasSize(2);
    }

    @Test
    void aQueueThatForgotIsFilledNoFasterThanItConfirms() {
        waiting(MANY, fixture.now() + 60_000);
        CompletableFuture<@Nullable Void> done = forgotten();

        assertThat(fixture.queue.scheduled).hasSizeBetween(1, MANY / 2);
        assertThat(done).isNotDone();
        fixture.queue.confirm();
        fixture.queue.confirm();
        fixture.queue.confirm();
        assertThat(fixture.queue.scheduled).hasSize(MANY);
        assertThat(done).isCompleted();
    }

    @Test
    void aQueueThatForgotIsNotCalledWholeWhenTheServerStopsFillingIt() {
        waiting(MANY, fixture.now() + 60_000);
        CompletableFuture<@Nullable Void> done = forgotten();

        fixture.engine.drain(Duration.ofSeconds(1));
        fixture.queue.confirm();

        assertThat(fixture.queue.scheduled).hasSizeLessThan(MANY);
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void whatComesNearIsBroughtNoFasterThanTheQueueConfirms() {
        waiting(MANY, fixture.now() + Duration.ofMinutes(20).toMillis());
        assertThat(fixture.queue.scheduled).isEmpty();
        fixture.queue.unconfirmed = new ArrayList<>();

        fixture.pass(Duration.ofMinutes(5).plusSeconds(10));
        assertThat(fixture.queue.scheduled).hasSizeBetween(1, MANY / 2);
        fixture.queue.confirm();
        fixture.queue.confirm();
        fixture.queue.confirm();
        assertThat(fixture.queue.scheduled).hasSize(MANY);
    }

    /** The work queue is deleted while another server attempts what came out of it. */
    @Test
    void whatIsDueWhenTheQueueForgetsIsNotRearmedBeforeAnotherServersAttemptMustHaveEnded() {
        fixture.queue.shared = true;
        waiting(3, fixture.now() + 5_000);
        fixture.pass(Duration.ofMillis(4_999));
        CompletableFuture<@Nullable Void> done = forgotten();

        assertThat(done).isCompleted();
        fixture.pass(Duration.ofSeconds(6));
        assertThat(fixture.queue.scheduled).isEmpty();
        fixture.pass(Duration.ofSeconds(3));
        assertThat(fixture.queue.scheduled).hasSize(3);
    }

    /** {@code count} deliveries wait; the queue has the wakes of the near ones. */
    private void waiting(int count, long dueAt) {
        fixture.start();
        for (int i = 0; i < count; i++) {
            fixture.accept(ACTIVE, dueAt, false);
        }
    }

    private CompletableFuture<@Nullable Void> forgotten() {
        fixture.queue.scheduled.clear();
        fixture.queue.unconfirmed = new ArrayList<>();
        return fixture.queue.listener().forgotten().toCompletableFuture();
    }
}
