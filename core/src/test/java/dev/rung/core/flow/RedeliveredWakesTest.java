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
class RedeliveredWakesTest {
    private final FlowFixture fixture = new FlowFixture();
    private final HandReceipt receipt = new HandReceipt();

    @BeforeEach
    void aWakeIsRedelivered() {
        fixture.queue.shared = true;
        fixture.start();
        fixture.accept(ACTIVE, fixture.now() + 500, false);
        Wake wake = fixture.queue.scheduled.getFirst();
        fixture.queue.deliver(wake, true, receipt);
    }

    @Test
    void itIsAttemptedAfterAnyOtherAttemptMustHaveEnded() {
        fixture.pass(Duration.ofMillis(5_999));
        assertThat(fixture.sent).isEmpty();
        fixture.pass(Duration.ofMillis(1));
        assertThat(fixture.sent).hasSize(1);
        assertThat(receipt.acknowledged).isTrue();
    }

    @Test
    void anAttemptToAReceiverWithALongTimeoutIsWaitedFor() {
        fixture.merchants.update(ACTIVE, m -> m.withReceiver(m.receiver().withTimeout(Duration.ofSeconds(30))));
        fixture.pass(Duration.ofMillis(30_999));
        assertThat(fixture.sent).isEmpty();
        fixture.pass(Duration.ofMillis(1));
        assertThat(fixture.sent).hasSize(1);
    }

    /** Another server's sweeper, which has waited as long, must not re-arm it while its attempt is in flight here. */
    @Test
    void itsNumberIsRaisedBeforeItsAttemptBegins() {
        Wake wake = fixture.queue.scheduled.getFirst();
        fixture.pass(Duration.ofSeconds(6));
        assertThat(fixture.sent).hasSize(1);
        assertThat(fixture.attemptedNumber()).isEqualTo(wake.number() + 1);
    }

    @Test
    void itIsDroppedWhenAnotherServersSweeperReArmedItFirst() {
        Wake wake = fixture.queue.scheduled.getFirst();
        fixture.pass(Duration.ofMillis(5_999));
        fixture.store.rearm(List.of(wake), true);
        fixture.pass(Duration.ofMillis(1));
        assertThat(fixture.sent).isEmpty();
        assertThat(receipt.acknowledged).isTrue();
    }

    @Test
    void itIsNotAttemptedWhenItsConnectionBrokeMeanwhile() {
        receipt.open = false;
        fixture.pass(Duration.ofSeconds(6));
        assertThat(fixture.sent).isEmpty();
    }

    /** The server that settled its last attempt may have died before it published the next wake. */
    @Test
    void theNextWakeIsPublishedAgainForAStaleOne() {
        Wake next = fixture.queue.scheduled.getFirst();
        fixture.store.rearm(List.of(next), false);
        fixture.accept(ACTIVE, fixture.now() + 60_000, false);
        Wake far = fixture.queue.scheduled.getLast();
        fixture.queue.scheduled.clear();

        HandReceipt stale = new HandReceipt();
        fixture.queue.deliver(new Wake(far.id(), far.number() - 1, fixture.now()), true, stale);
        fixture.pass(Duration.ofSeconds(6));
        assertThat(fixture.queue.scheduled).containsExactly(new Wake(far.id(), far.number() + 1, far.dueAt()));
        assertThat(stale.acknowledged).isTrue();
    }
}
