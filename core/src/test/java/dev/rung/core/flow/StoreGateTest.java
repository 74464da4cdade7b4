package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** While the store is unreachable nothing is taken from the queue; when it is back, everything is. */
class StoreGateTest {

    @Test
    void itIsOpenedAgainThoughTheConnectionOfAllThatWaitedIsGone() {
        FlowFixture fixture = new FlowFixture();
        fixture.start();
        fixture.accept(ACTIVE, fixture.now() + 500, false);
        HandReceipt receipt = new HandReceipt();
        fixture.store.failing(method -> StoreFaults.Fault.BEFORE_COMMIT);
        fixture.queue.deliver(fixture.queue.scheduled.getFirst(), false, receipt);
        assertThat(fixture.queue.paused).isTrue();

        receipt.open = false;
        fixture.pass(Duration.ofSeconds(2));
        fixture.store.failing(StoreFaults.NONE);
        fixture.pass(Duration.ofSeconds(1));

        assertThat(fixture.queue.paused).isFalse();
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void aSuccessThatOvertakesAFailureIsNotForgotten() throws Exception {
        ManualWakeQueue queue = new ManualWakeQueue();
        StoreGate gate = new StoreGate(queue, event -> {});
        CountDownLatch pausing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        queue.onPause = () -> {
            pausing.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        StoreException away = new StoreException("away", new IllegalStateException());
        Thread failure = Thread.ofPlatform().start(() -> gate.failed(away));
        pausing.await();
        Thread success = Thread.ofPlatform().start(gate::succeeded);
        await().until(() -> success.getState() == Thread.State.WAITING || !success.isAlive());
        goOn.countDown();
        failure.join();
        success.join();

        assertThat(gate.isOpen()).isTrue();
        assertThat(queue.paused).isFalse();
    }
}
