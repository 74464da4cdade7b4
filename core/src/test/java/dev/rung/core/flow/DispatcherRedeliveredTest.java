package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.model.Wake;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A redelivered wake waits until an attempt on another server must have ended. */
class DispatcherRedeliveredTest {
    private final FlowFixture scene = new FlowFixture();
    private final HandReceipt receipt = new HandReceipt();

    @BeforeEach
    void aWakeIsRedelivered() {
        scene.queue.shared = true;
        scene.start();
        scene.accept(ACTIVE, scene.now() + 500, false);
        Wake wake = scene.queue.scheduled.getFirst();
        scene.queue.deliver(wake, true, receipt);
    }

    @Test
    void itIsAttemptedWhenNobodyElseCanBeAtIt() {
        scene.pass(Duration.ofMillis(5_999));
        assertThat(scene.sent).isEmpty();
        scene.pass(Duration.ofMillis(1));
        assertThat(scene.sent).hasSize(1);
        assertThat(receipt.acknowledged).isTrue();
    }

    /** Another server's sweeper, which has waited as long, must not re-arm it while its attempt is under way here. */
    @Test
    void itsNumberIsRaisedBeforeItsAttemptBegins() {
        Wake wake = scene.queue.scheduled.getFirst();
        scene.pass(Duration.ofSeconds(6));
        assertThat(scene.sent).hasSize(1);
        assertThat(scene.attemptedNumber()).isEqualTo(wake.number() + 1);
    }

    @Test
    void itIsDroppedWhenAnotherServersSweeperWasFirst() {
        Wake wake = scene.queue.scheduled.getFirst();
        scene.pass(Duration.ofMillis(5_999));
        scene.store.rearm(List.of(wake), true);
        scene.pass(Duration.ofMillis(1));
        assertThat(scene.sent).isEmpty();
        assertThat(receipt.acknowledged).isTrue();
    }

    @Test
    void itIsNotAttemptedWhenItsConnectionBrokeMeanwhileForAnotherHasItNow() {
        receipt.open = false;
        scene.pass(Duration.ofSeconds(6));
        assertThat(scene.sent).isEmpty();
    }
}
