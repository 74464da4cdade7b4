package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.rung.core.model.Wake;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.testing.RabbitServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A delay queue that does not let go, and a consumer that the broker has lost. */
class RabbitStallIT {
    private static final String DELAY = "rung.delay.1750";
    /** What the sweeper may call lost by then starts within fifteen seconds. */
    private static final Duration NOTICED = Duration.ofSeconds(7);

    private static final List<String> CONSUMED =
            List.of(RabbitTopology.READY, RabbitTopology.UNROUTED, RabbitTopology.INTAKE);
    private static final byte[] EVENT = {'{', '}'};

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
    void aDelayQueueThatDoesNotLetGoUnderTrafficIsNoticedAvoidedAndUsedAgain() {
        String uri = server.freshUri();
        try (Scene scene = Scene.connected(uri, "2s", "4s")) {
            scene.listener.acknowledgeAll();
            List<Wake> first = Scene.wakesIn(2_000, 20);
            scene.scheduled(first);
            scene.awaitDelivered(first);

            server.suspendDeadLettering(uri, DELAY);
            List<Wake> stuck = new ArrayList<>();
            try {
                await().pollInterval(Duration.ofMillis(100))
                        .atMost(NOTICED.plusSeconds(2))
                        .until(() -> {
                            List<Wake> more = Scene.wakesIn(2_000, 5);
                            scene.scheduled(more);
                            stuck.addAll(more);
                            return scene.queue.stalledQueues().contains(DELAY);
                        });
                Wake oldest = stuck.getFirst();
                assertThat(scene.queue.mayStillHold(oldest.dueAt())).isFalse();
                assertThat(scene.queue.isHeldBack(oldest.dueAt())).isTrue();
                assertThat(scene.queue.depths().get(DELAY)).isGreaterThanOrEqualTo(stuck.size() / 2);

                List<Wake> later = Scene.wakesIn(2_000, 20);
                scene.scheduled(later);
                await().atMost(Duration.ofSeconds(4))
                        .until(() -> scene.listener.wakes().containsAll(later));
            } finally {
                server.resumeDeadLettering(uri, DELAY);
            }

            scene.awaitDelivered(stuck);
            assertThat(scene.queue.stalledQueues()).isEmpty();
            assertThat(scene.queue.resumptions()).isPositive();
            assertThat(scene.queue.stalls()).isPositive();
        }
    }

    @Test
    void aWorkQueueThatIsDeletedUnderTrafficHasAConsumerAgain() throws Exception {
        String uri = server.freshUri();
        try (Scene scene = Scene.connected(uri, "2s")) {
            scene.listener.acknowledgeAll();
            for (int i = 0; i < 6; i++) {
                CompletableFuture<List<Wake>> traffic = CompletableFuture.supplyAsync(() -> {
                    List<Wake> sent = new ArrayList<>();
                    for (int n = 0; n < 20; n++) {
                        List<Wake> few = Scene.wakesIn(0, 5);
                        scene.schedule(few);
                        sent.addAll(few);
                    }
                    return sent;
                });
                RabbitServer.ask(uri, channel -> channel.queueDelete("rung.ready"));
                traffic.get();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> RabbitServer.consumers(uri, "rung.ready") == 1 && scene.queue.isConnected());
                List<Wake> after = Scene.wakesIn(0, 5);
                scene.scheduled(after);
                scene.awaitDelivered(after);
            }
        }
    }

    /** What the broker leaves behind when a queue is declared again before it has cancelled the consumers of the old one. */
    @Test
    void consumersThatTheBrokerHasLostAreRenewed() {
        String uri = server.freshUri();
        Queue<String> submitted = new ConcurrentLinkedQueue<>();
        Queue<String> events = new ConcurrentLinkedQueue<>();
        try (Scene scene = Scene.connected(uri, "2s");
                RabbitIntake intake = RabbitIntake.open(RabbitSettings.of(uri), submission -> {
                    submitted.add(String.valueOf(submission.messageId()));
                    return CompletableFuture.completedFuture(new Verdict.Accepted());
                });
                RabbitStream one = RabbitStream.open(RabbitSettings.of(uri), event -> events.add("one"));
                RabbitStream two = RabbitStream.open(RabbitSettings.of(uri), event -> events.add("two"))) {
            scene.listener.acknowledgeAll();
            intake.start();
            one.start();
            two.start();
            await().until(() -> CONSUMED.stream().allMatch(queue -> RabbitServer.consumers(uri, queue) == 1));
            await().until(() -> one.publish(EVENT) && events.contains("two"));

            CONSUMED.forEach(queue -> server.forgetConsumers(uri, queue));
            server.forgetConsumersOfExclusiveQueues(uri);

            List<Wake> waiting = Scene.wakesIn(0, 5);
            assertThat(CONSUMED)
                    .allSatisfy(queue ->
                            assertThat(RabbitServer.consumers(uri, queue)).isZero());
            scene.scheduled(waiting);
            RabbitServer.ask(uri, channel -> {
                channel.basicPublish(
                        RabbitTopology.INTAKE,
                        "",
                        new AMQP.BasicProperties.Builder().messageId("k1").build(),
                        EVENT);
                return null;
            });
            events.clear();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(scene.listener.wakes()).containsAll(waiting);
                assertThat(CONSUMED)
                        .allSatisfy(queue ->
                                assertThat(RabbitServer.consumers(uri, queue)).isEqualTo(1));
                assertThat(submitted).isNotEmpty();
                one.publish(EVENT);
                two.publish(EVENT);
                assertThat(events).contains("one", "two");
            });
        }
    }

    @Test
    void aQueueOfAFormerVersionIsUsedAsItIs() {
        String uri = server.freshUri();
        RabbitServer.ask(uri, channel -> {
            AMQP.Queue.DeclareOk former = channel.queueDeclare(
                    "rung.unrouted",
                    true,
                    false,
                    false,
                    java.util.Map.of("x-queue-type", "quorum", "x-delivery-limit", 50));
            return former.getQueue();
        });
        try (Scene scene = Scene.connected(uri, "2s")) {
            scene.listener.acknowledgeAll();
            List<Wake> wakes = Scene.wakesIn(2_000, 5);
            scene.scheduled(wakes);
            scene.awaitDelivered(wakes);
        }
    }
}
