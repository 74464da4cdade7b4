package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.MessageProperties;
import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.model.Wake;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.core.port.RecordingListener;
import dev.rung.testing.CutConnection;
import dev.rung.testing.RabbitServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RabbitMQ adds to the contract: hops, broken connections, what others do to the broker. */
class RabbitWakeQueueIT {
    private static RabbitServer server;
    private String uri;

    @BeforeAll
    static void start() {
        server = RabbitServer.shared();
    }

    @BeforeEach
    void takeAVirtualHost() {
        uri = server.freshUri();
    }

    @Test
    void aWaitWithoutAQueueOfItsOwnHopsAndComesOnTime() {
        try (Scene scene = Scene.connected(uri, "1s", "2s", "3s")) {
            List<Wake> wakes = List.of(Scene.wakeIn(7_000), Scene.wakeIn(4_321), Scene.wakeIn(1_300));
            scene.scheduled(wakes);

            scene.awaitDelivered(wakes);

            assertThat(scene.lateness()).hasSize(3).are(scene.onTime());
            assertThat(scene.queue.counts().hops()).isBetween(1L, 8L);
            assertThat(scene.listener.arrivals())
                    .noneMatch(arrival -> arrival.message().redelivered());
        }
    }

    @Test
    void aDelayAddedLaterIsUsed() {
        try (Scene scene = Scene.connected(uri, "1s")) {
            scene.queue.addDelays(List.of(Duration.ofSeconds(4), Duration.ofHours(3)));
            await().until(() -> RabbitServer.depth(uri, "rung.delay.3750") == 0);
            await().until(() -> scene.queue.depths().containsKey("rung.delay.3750"));
            // One that this machine keeps for a quarter of a second before it is sent has to hop all the same.
            await().until(() -> {
                long hops = scene.queue.counts().hops();
                List<Wake> wakes = Scene.wakesIn(4_000, 1);
                scene.scheduled(wakes);
                scene.awaitDelivered(wakes);
                return scene.queue.counts().hops() == hops;
            });
            assertThat(scene.lateness()).are(scene.onTime());
        }
    }

    @Test
    void changingTheStrategyLeavesTheOldQueuesToDrain() {
        MemoryMetaStore meta = new MemoryMetaStore();
        RabbitSettings settings = Scene.settings(uri);
        List<Wake> before = Scene.wakesIn(12_000, 5);
        try (Scene scene = new Scene(settings, meta, "10s")) {
            scene.awaitConnected();
            scene.scheduled(before);
        }
        try (Scene scene = new Scene(settings.withDeadLetterStrategy(DeadLetterStrategy.AT_MOST_ONCE), meta, "10s")) {
            scene.awaitConnected();
            List<Wake> after = Scene.wakesIn(12_000, 5);
            scene.scheduled(after);
            await().until(() -> RabbitServer.depth(uri, "rung.delay.9750.at-most-once") == 5);

            scene.awaitDelivered(before);
            scene.awaitDelivered(after);
            assertThat(scene.listener.timesForgotten()).isZero();
        }
    }

    @Test
    void aBrokenConnectionIsMadeAnewAndDeliversWhatWasNotAcknowledged() {
        try (CutConnection cable = CutConnection.to(server.port());
                Scene scene = Scene.connected(uri.replace(":" + server.port(), ":" + cable.port()), "1s")) {
            List<Wake> before = Scene.wakesIn(0, 20);
            scene.scheduled(before);
            scene.awaitDelivered(before);
            List<Wake> waiting = Scene.wakesIn(1_500, 20);
            scene.scheduled(waiting);

            cable.cut();
            await().until(() -> !scene.queue.isConnected());
            List<Wake> meanwhile = Scene.wakesIn(0, 5);
            assertThat(scene.schedule(meanwhile)).containsExactlyInAnyOrderElementsOf(meanwhile);
            assertThat(scene.probe()).isFalse();
            assertThat(scene.queue.problem()).isPresent();
            // Receipts of the old connection are worth nothing, say so, and do no harm.
            assertThat(scene.listener.arrivals())
                    .noneMatch(arrival -> arrival.message().receipt().isOpen());
            scene.listener.acknowledgeAll();
            cable.restore();

            scene.awaitConnected();
            scene.awaitDelivered(waiting);
            await().until(() -> scene.listener.arrivals().stream()
                            .filter(arrival -> arrival.message().redelivered())
                            .filter(arrival -> before.contains(arrival.message().wake()))
                            .count()
                    == 20);
            assertThat(scene.delivered()).doesNotContainAnyElementsOf(meanwhile);
            assertThat(scene.listener.timesForgotten()).isEqualTo(1);
            List<Wake> after = Scene.wakesIn(0, 5);
            scene.scheduled(after);
            scene.awaitDelivered(after);
        }
    }

    /** The server that had it may attempt it when it is due, because it learns later than the broker that its connection is lost. */
    @Test
    void aWakeThatIsRedeliveredBeforeItIsDueIsFlaggedToo() {
        MemoryMetaStore meta = new MemoryMetaStore();
        try (CutConnection cable = CutConnection.to(server.port());
                Scene one =
                        new Scene(Scene.settings(uri.replace(":" + server.port(), ":" + cable.port())), meta, "3s");
                Scene other = new Scene(Scene.settings(uri), meta, "3s")) {
            one.awaitConnected();
            other.awaitConnected();
            other.queue.pause();
            await().until(() -> RabbitServer.consumers(uri, RabbitTopology.READY) == 1);
            List<Wake> wakes = Scene.wakesIn(450, 20);
            one.scheduled(wakes);
            await().pollInterval(Duration.ofMillis(20)).until(() -> RabbitServer.depth(uri, RabbitTopology.READY) == 0);
            other.queue.resume();

            cable.cut();

            other.awaitDelivered(wakes);
            assertThat(other.listener.arrivals())
                    .allMatch(arrival -> arrival.message().redelivered());
        }
    }

    /** The server that had it may have published it already: it is not published again under its number. */
    @Test
    void aWakeThatIsRedeliveredLongBeforeItIsDueIsReportedAsLost() {
        try (Scene scene = Scene.connected(uri, "1s")) {
            scene.queue.pause();
            await().until(() -> RabbitServer.consumers(uri, RabbitTopology.READY) == 0);
            Wake far = Scene.wakeIn(60_000);
            RabbitServer.ask(uri, channel -> {
                byte[] frame = new WakeFrame.OfWake(far, false, System.currentTimeMillis(), 0).bytes();
                channel.basicPublish("", RabbitTopology.READY, Publication.PERSISTENT, frame);
                await().until(() -> channel.basicGet(RabbitTopology.READY, false) != null);
                channel.basicRecover(true);
                return true;
            });

            scene.queue.resume();

            await().until(() -> scene.listener.lost().equals(List.of(far)));
            assertThat(scene.queue.counts().hops()).isZero();
            await().until(() -> RabbitServer.depth(uri, RabbitTopology.READY) == 0);
        }
    }

    @Test
    void whatIsUnderWayWhenTheConnectionBreaksIsToldAsUnconfirmed() {
        try (CutConnection cable = CutConnection.to(server.port());
                Scene scene = Scene.connected(uri.replace(":" + server.port(), ":" + cable.port()), "1s")) {
            // A cut after all are confirmed is too late.
            await().until(() -> {
                scene.awaitConnected();
                List<Wake> many = Scene.wakesIn(60_000, 20_000);
                var answer = scene.queue.schedule(many).toCompletableFuture();
                cable.cut();

                List<Wake> unconfirmed = answer.orTimeout(Scene.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join();
                cable.restore();
                assertThat(unconfirmed).isSubsetOf(many).doesNotHaveDuplicates();
                return !unconfirmed.isEmpty();
            });
        }
    }

    @Test
    void aServerStartsWithoutABrokerAndConnectsWhenItIsThere() {
        try (CutConnection cable = CutConnection.to(server.port())) {
            cable.cut();
            try (Scene scene = new Scene(
                    Scene.settings(uri.replace(":" + server.port(), ":" + cable.port())),
                    new MemoryMetaStore(),
                    "1s")) {
                List<Wake> early = Scene.wakesIn(0, 3);
                assertThat(scene.schedule(early)).containsExactlyInAnyOrderElementsOf(early);
                assertThat(scene.queue.isConnected()).isFalse();
                assertThat(scene.queue.depths()).isEmpty();
                assertThat(scene.queue.mayStillHold(0)).isTrue();
                scene.queue.pause();
                scene.queue.resume();

                cable.restore();
                scene.awaitConnected();
                scene.scheduled(early);
                scene.awaitDelivered(early);
            }
        }
    }

    @Test
    void anotherHostIsTriedWhereOneIsDown() {
        try (CutConnection dead = CutConnection.to(server.port())) {
            dead.cut();
            String both = uri.replace("127.0.0.1:", "127.0.0.1:" + dead.port() + ",127.0.0.1:");
            try (Scene scene = Scene.connected(both, "1s")) {
                List<Wake> wakes = Scene.wakesIn(0, 1);
                scene.scheduled(wakes);
                scene.awaitDelivered(wakes);
            }
        }
    }

    @Test
    void aDeletedQueueIsDeclaredAnewAndWhatItHeldIsForgotten() {
        try (Scene scene = Scene.connected(uri, "1s")) {
            await().until(() -> scene.listener.timesForgotten() == 1);
            await().until(() -> RabbitServer.depth(uri, "rung.identity.turn") == -1);
            RabbitServer.ask(uri, channel -> channel.queueDelete(RabbitTopology.READY));

            await().until(() -> scene.listener.timesForgotten() == 2);
            scene.awaitConnected();
            List<Wake> wakes = Scene.wakesIn(0, 3);
            scene.scheduled(wakes);
            scene.awaitDelivered(wakes);
        }
    }

    @Test
    void aDeletedQueueOfDelaysIsDeclaredAnewWhenAWakeComesBackUnrouted() {
        try (Scene scene = Scene.connected(uri, "3s")) {
            RabbitServer.ask(uri, channel -> channel.queueDelete("rung.delay.2750"));
            List<Wake> wakes = Scene.wakesIn(5_000, 3);

            assertThat(scene.schedule(wakes)).containsExactlyInAnyOrderElementsOf(wakes);

            await().until(() -> RabbitServer.depth(uri, "rung.delay.2750") == 0);
            scene.awaitConnected();
            List<Wake> again = Scene.wakesIn(3_000, 3);
            scene.scheduled(again);
            scene.awaitDelivered(again);
        }
    }

    @Test
    void whatIsUnroutableOrUnreadableIsCountedAndNeverLoops() {
        try (Scene scene = Scene.connected(uri, "1s")) {
            Wake wake = Scene.wakeIn(0);
            byte[] unrouted = new WakeFrame.OfWake(wake, false, System.currentTimeMillis(), 0).bytes();
            RabbitServer.ask(uri, channel -> {
                channel.confirmSelect(); // a channel that closes takes with it what its broker has not yet queued
                channel.basicPublish(RabbitTopology.DUE, "nowhere", MessageProperties.BASIC, unrouted);
                for (String text : List.of("", "no wake", "\u0001\u0000too short", "\u0009a later version")) {
                    channel.basicPublish(
                            RabbitTopology.DUE,
                            RabbitTopology.KEY,
                            MessageProperties.BASIC,
                            text.getBytes(StandardCharsets.UTF_8));
                }
                channel.waitForConfirmsOrDie();
                return null;
            });

            await().until(() -> scene.listener.lost().contains(wake));
            await().until(() -> scene.queue.counts().unreadable() >= 4); // one may be handed out twice
            assertThat(scene.queue.counts().unrouted()).isPositive();
            assertThat(scene.probe()).isTrue();
            assertThat(scene.listener.count()).isZero();
            assertThat(RabbitServer.depth(uri, RabbitTopology.READY)).isZero();
        }
    }

    @Test
    void aLostBindingIsMadeAnewAndWhatWentAstrayIsTold() {
        try (Scene scene = Scene.connected(uri, "1s")) {
            RabbitServer.ask(
                    uri, channel -> channel.queueUnbind(RabbitTopology.READY, RabbitTopology.DUE, RabbitTopology.KEY));
            List<Wake> onUnrouted = Scene.wakesIn(0, 3);
            scene.scheduled(onUnrouted);

            await().until(() -> scene.listener.lost().containsAll(onUnrouted));
            await().until(() -> {
                scene.scheduled(Scene.wakesIn(0, 1));
                return scene.listener.count() > 0;
            });
        }
    }

    @Test
    void aLongWaitDoesNotHideThatAShortOneIsLost() {
        try (Scene scene = Scene.connected(uri, "1s", "300s")) {
            scene.scheduled(Scene.wakesIn(330_000, 3));
            long before = System.currentTimeMillis() - 1_000;
            await().until(() -> RabbitServer.depth(uri, "rung.delay.299750") >= 3);

            // Too early to say anything for the first seconds of a connection.
            await().until(() -> !scene.queue.mayStillHold(before));
        }
    }

    @Test
    void oneThatHangsDoesNotHoldUpTheOthers() {
        RabbitSettings settings = Scene.settings(uri).withPrefetch(10);
        try (Scene scene = new Scene(settings, new MemoryMetaStore(), "1s")) {
            scene.awaitConnected();
            scene.scheduled(Scene.wakesIn(0, 200));
            await().until(() -> scene.listener.count() == 10);

            // The first and the fifth are never acknowledged; everything else is, as it comes.
            await().until(() -> {
                List<RecordingListener.Arrival> arrivals = scene.listener.arrivals();
                for (int i = 0; i < arrivals.size(); i++) {
                    if (i != 0 && i != 4) {
                        arrivals.get(i).message().receipt().acknowledge();
                    }
                }
                return arrivals.size() == 200;
            });
        }
        await().until(() -> RabbitServer.depth(uri, RabbitTopology.READY) == 2);
    }

    @Test
    void otherArgumentsOnAQueueAreExplainedAndNothingIsTriedInALoop() {
        RabbitServer.ask(
                uri,
                channel -> channel.queueDeclare(
                        "rung.delay.2750",
                        true,
                        false,
                        false,
                        Map.of(
                                "x-queue-type", "quorum",
                                "x-message-ttl", 9_999,
                                "x-overflow", "reject-publish",
                                "x-dead-letter-exchange", "rung.due",
                                "x-dead-letter-strategy", "at-least-once")));

        try (Scene scene = new Scene(Scene.settings(uri), new MemoryMetaStore(), "3s")) {
            await().until(() -> scene.queue.problem().orElse("").contains("rung.delay.2750"));
            assertThat(scene.queue.problem().orElseThrow())
                    .contains("x-message-ttl", "9999", "2750", "rabbitmqctl delete_queue rung.delay.2750")
                    .doesNotContain("guest");
            assertThat(scene.queue.isConnected()).isFalse();
        }
        assertThat(RabbitTopology.check(RabbitSettings.of(uri)))
                .singleElement()
                .asString()
                .contains("rung.delay.2750");
    }

    @Test
    void aProbeComesBackToWhoAskedWhicheverServerTookIt() {
        MemoryMetaStore meta = new MemoryMetaStore();
        try (Scene one = new Scene(Scene.settings(uri), meta, "1s");
                Scene other = new Scene(Scene.settings(uri), meta, "1s")) {
            one.awaitConnected();
            other.awaitConnected();
            for (int i = 0; i < 10; i++) {
                assertThat(one.probe()).isTrue();
                assertThat(other.probe()).isTrue();
            }
            await().until(() -> one.listener.timesForgotten() + other.listener.timesForgotten() == 1);
        }
    }

    @Test
    void aPauseHandsBackWhatIsNotDueYetUnflagged() {
        MemoryMetaStore meta = new MemoryMetaStore();
        try (Scene one = new Scene(Scene.settings(uri), meta, "3s")) {
            one.awaitConnected();
            AtomicInteger sent = new AtomicInteger();
            // What is due before the pause comes is not handed back.
            await().until(() -> {
                one.queue.resume();
                one.scheduled(Scene.wakesIn(450, 30));
                sent.addAndGet(30);
                one.queue.pause();
                await().until(() -> RabbitServer.depth(uri, RabbitTopology.READY) + one.listener.count() == sent.get());
                return one.listener.count() < sent.get();
            });

            try (Scene other = new Scene(Scene.settings(uri), meta, "3s")) {
                other.awaitConnected();
                await().until(() -> other.listener.count() + one.listener.count() == sent.get());
                assertThat(other.listener.count()).isPositive();
                assertThat(other.listener.arrivals())
                        .noneMatch(arrival -> arrival.message().redelivered());
            }
        }
    }

    @Test
    void aQueueThatStillHoldsWakesIsToldFromOneThatHasLetThemGo() {
        try (Scene scene = Scene.connected(uri, "2s", "30s")) {
            scene.listener.acknowledgeAll();
            List<Wake> far = Scene.wakesIn(30_000, 1);
            scene.scheduled(far);
            List<Wake> near = Scene.wakesIn(2_000, 1);
            scene.scheduled(near);
            scene.awaitDelivered(near);

            // What is due with the far one may be with it; what was due before anything could come out of that queue
            // cannot be told.
            assertThat(scene.queue.mayStillHold(far.getFirst().dueAt())).isTrue();
        }
        try (Scene scene = Scene.connected(server.freshUri(), "2s", "3s")) {
            scene.listener.acknowledgeAll();
            List<Wake> wakes = Scene.wakesIn(2_000, 1);
            scene.scheduled(wakes);
            scene.scheduled(Scene.wakesIn(3_000, 1));
            scene.awaitDelivered(wakes);
            await().until(() -> !scene.queue.mayStillHold(wakes.getFirst().dueAt()));
        }
    }
}
