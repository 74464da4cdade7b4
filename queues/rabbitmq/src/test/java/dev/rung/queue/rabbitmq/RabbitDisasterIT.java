package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.model.Wake;
import dev.rung.testing.RabbitServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broker that is killed, or loses its disk. */
class RabbitDisasterIT {
    private static RabbitServer server;

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aKilledBrokerLosesNoWaitingWakeWithAtLeastOnceDeadLettering() {
        try (Scene scene = Scene.connected(server.freshUri(), "5s")) {
            scene.listener.acknowledgeAll();
            await().until(() -> scene.listener.timesForgotten() == 1);
            List<Wake> waiting = Scene.wakesIn(5_000, 2_000);
            scene.scheduled(waiting);

            server.kill9();
            await().until(() -> !scene.queue.isConnected());
            server.restart();

            scene.awaitConnected();
            scene.awaitDelivered(waiting);
            assertThat(scene.listener.timesForgotten()).isEqualTo(1);
        }
    }

    @Test
    void aWipedBrokerIsToldOfOnceAndUsedAgain() {
        try (Scene scene = Scene.connected(server.freshUri(), "5s")) {
            scene.listener.acknowledgeAll();
            await().until(() -> scene.listener.timesForgotten() == 1);
            scene.scheduled(Scene.wakesIn(60_000, 50));

            server.wipe();

            await().until(() -> scene.listener.timesForgotten() == 2);
            scene.awaitConnected();
            List<Wake> after = Scene.wakesIn(5_000, 10);
            scene.scheduled(after);
            scene.awaitDelivered(after);
            assertThat(scene.listener.timesForgotten()).isEqualTo(2);
        }
    }

    @Test
    void aBrokerShortOfMemoryIsSaidToBeAndUsedAgainWhenItHasSome() {
        try (Scene scene = new Scene(RabbitSettings.of(server.freshUri()), new MemoryMetaStore(), "5s")) {
            scene.awaitConnected();
            scene.listener.acknowledgeAll();
            server.raiseMemoryAlarm();
            try {
                // RabbitMQ blocks a connection when something is published on it.
                await().until(() -> !scene.schedule(Scene.wakesIn(0, 1)).isEmpty());
                await().until(() -> !scene.queue.isConnected());
                assertThat(scene.queue.problem())
                        .hasValueSatisfying(told -> assertThat(told).contains("memory"));
                List<Wake> refused = Scene.wakesIn(0, 3);
                assertThat(scene.schedule(refused)).containsExactlyInAnyOrderElementsOf(refused);
            } finally {
                server.clearMemoryAlarm();
            }

            scene.awaitConnected();
            List<Wake> after = Scene.wakesIn(0, 3);
            // It is unblocked a moment after it said so.
            await().until(() -> scene.schedule(after).isEmpty());
            scene.awaitDelivered(after);
        }
    }
}
