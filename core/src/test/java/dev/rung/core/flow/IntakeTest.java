package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private final FlowFixture fixture = new FlowFixture();

    @Test
    void theProducerIsAnsweredAfterTheCommit() {
        fixture.start();
        List<Acceptance> answers = new ArrayList<>();
        List<Integer> storedWhenAnswered = new ArrayList<>();
        fixture.store.failing(method -> {
            storedWhenAnswered.add(answers.size());
            return StoreFaults.Fault.NONE;
        });
        fixture.engine.accept(fixture.request(ACTIVE, "{}")).thenAccept(answers::add);
        assertThat(answers).hasExactlyElementsOfTypes(Acceptance.Stored.class);
        assertThat(storedWhenAnswered).first().isEqualTo(0);
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void aStoreThatFailsIsReportedToTheProducerAndNothingIsAttempted() {
        fixture.start();
        fixture.store.failing(method -> StoreFaults.Fault.BEFORE_COMMIT);
        CompletableFuture<Acceptance> answer =
                fixture.engine.accept(fixture.request(ACTIVE, "{}")).toCompletableFuture();
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StoreException.class);
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void anIdThatAnotherProcessTookIsDrawnAgain() {
        fixture.start();
        List<String> failures = new ArrayList<>(List.of("accept"));
        fixture.store.failing(method -> {
            if (failures.remove(method)) {
                throw StoreException.idTaken(new IllegalStateException("taken"));
            }
            return StoreFaults.Fault.NONE;
        });
        assertThat(fixture.engine
                        .accept(fixture.request(ACTIVE, "{}"))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Acceptance.Stored.class);
        assertThat(failures).isEmpty();
    }

    @Test
    void whatWaitsToBeStoredIsBoundedInBytesAndFreedByItsEnd() {
        FlowFixture small = new FlowFixture(new EngineLimits(4, 10, 100, 1));
        NotificationRequest large = small.request(ACTIVE, "\"" + "x".repeat(200) + "\"");
        assertThatThrownBy(() -> small.engine.accept(large)).isInstanceOf(Overloaded.class);
        for (int i = 0; i < 20; i++) {
            small.engine.accept(small.request(ACTIVE, "\"" + "x".repeat(60) + "\""));
        }
        assertThat(small.queue.scheduled).hasSize(20);
    }
}
