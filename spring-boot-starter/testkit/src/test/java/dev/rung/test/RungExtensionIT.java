package dev.rung.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.client.Ladder;
import dev.rung.client.NewNotification;
import dev.rung.client.RungClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RungExtensionIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    private static NewNotification to(RecordingMerchant merchant) {
        return NewNotification.to(merchant.id(), "{\"amount\":12.30}")
                .withEventType("payment.succeeded")
                .withLadder(Ladder.of(Duration.ofSeconds(1)));
    }

    @Test
    void whatIsSentArrivesVerified(RungClient rung, RecordingMerchant merchant) {
        merchant.failNext(1);
        String id = rung.send(to(merchant)).notification().id();
        assertThat(merchant.await(2, AT_MOST))
                .containsExactly(
                        new RecordingMerchant.Received(id, "payment.succeeded", 1, 500, "{\"amount\":12.30}"),
                        new RecordingMerchant.Received(id, "payment.succeeded", 2, 200, "{\"amount\":12.30}"));
    }

    @Test
    void theServerCanBeKilledAndStartedAgain(RungServer server, RecordingMerchant merchant) {
        server.client().send(to(merchant));
        merchant.await(1, AT_MOST);
        server.kill();
        server.restart();
        server.client().send(to(merchant));
        merchant.await(2, AT_MOST);
    }

    @Test
    void whatDoesNotArriveFailsTheTest(RecordingMerchant merchant) {
        assertThatThrownBy(() -> merchant.await(1, Duration.ofMillis(10)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("expected 1 requests, received []");
    }
}
