package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.testing.CutConnection;
import dev.rung.testing.RabbitServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RabbitIntakeIT {
    private static RabbitServer server;
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private String uri;

    @BeforeAll
    static void start() {
        server = RabbitServer.shared();
    }

    @BeforeEach
    void takeAVirtualHost() {
        uri = server.freshUri();
    }

    private RabbitIntake intake(SubmissionSource.Handler handler) {
        return intake(uri, handler);
    }

    private RabbitIntake intake(String at, SubmissionSource.Handler handler) {
        RabbitIntake intake = RabbitIntake.open(RabbitSettings.of(at), submission -> {
            seen.add(submission.routingKey() + "/" + submission.messageId() + "/"
                    + new String(submission.body(), StandardCharsets.UTF_8));
            return handler.handle(submission);
        });
        intake.start();
        await().until(intake::isConnected);
        return intake;
    }

    private static SubmissionSource.Handler always(Verdict verdict) {
        return submission -> CompletableFuture.completedFuture(verdict);
    }

    private void publish(String key, AMQP.BasicProperties properties, String... bodies) {
        RabbitServer.ask(uri, channel -> {
            channel.confirmSelect();
            for (String body : bodies) {
                channel.basicPublish(RabbitTopology.INTAKE, key, properties, body.getBytes(StandardCharsets.UTF_8));
            }
            return channel.waitForConfirms();
        });
    }

    private long depth(String queue) {
        return RabbitServer.depth(uri, queue);
    }

    @Test
    void whatIsInvalidIsPutAsideWithTheReason() {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .messageId("k1")
                .contentType("application/json")
                .userId("guest")
                .expiration("100000")
                .headers(Map.of(
                        "mine", "kept", "x-trace", "t1", "x-death", List.of(), "CC", List.of(RabbitTopology.REJECTED)))
                .build();
        long before = System.currentTimeMillis();
        try (RabbitIntake intake = intake(always(new Verdict.Invalid("payload: is missing")))) {
            publish("mch_1", properties, "{}");
            await().until(() -> intake.counts().rejected() == 1);
        }
        GetResponse rejected = RabbitServer.ask(uri, channel -> channel.basicGet(RabbitTopology.REJECTED, true));
        assertThat(rejected.getBody()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(rejected.getProps().getMessageId()).isEqualTo("k1");
        assertThat(rejected.getProps().getContentType()).isEqualTo("application/json");
        assertThat(rejected.getProps().getExpiration()).isNull();
        Map<String, String> headers = new java.util.TreeMap<>();
        rejected.getProps().getHeaders().forEach((name, value) -> headers.put(name, value.toString()));
        headers.remove("x-delivery-count"); // of this look at it
        assertThat(Long.parseLong(headers.remove("rung-rejected-at"))).isBetween(before, System.currentTimeMillis());
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "rung-error",
                        "payload: is missing",
                        "rung-routing-key",
                        "mch_1",
                        "mine",
                        "kept",
                        "x-trace",
                        "t1"));
        assertThat(depth(RabbitTopology.INTAKE)).isZero();
        assertThat(depth(RabbitTopology.REJECTED)).isZero();
    }

    @Test
    void whatCannotBeTakenNowIsTriedAgainUntilItCanAndOthersToo() {
        AtomicInteger refusals = new AtomicInteger(30);
        SubmissionSource.Handler away = submission -> {
            int left = refusals.getAndDecrement();
            if (left > 20) {
                throw new IllegalStateException("a handler that throws");
            }
            return left > 10
                    ? CompletableFuture.failedFuture(new IllegalStateException("a handler that fails"))
                    : CompletableFuture.completedFuture(left > 0 ? new Verdict.TryLater() : new Verdict.Accepted());
        };
        try (RabbitIntake intake = intake(away)) {
            publish("", MessageProperties.MINIMAL_BASIC, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
            await().until(() -> intake.counts().accepted() == 10);
            assertThat(intake.counts().triedAgain()).isEqualTo(30);
        }
        assertThat(depth(RabbitTopology.INTAKE)).isZero();
        assertThat(depth(RabbitTopology.REJECTED)).isZero();
    }

    @Test
    void whatIsNotConcludedWhenTheConnectionBreaksComesAgain() {
        CompletableFuture<Verdict> never = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        try (CutConnection cable = CutConnection.to(server.port());
                RabbitIntake intake = intake(
                        uri.replace(":" + server.port(), ":" + cable.port()),
                        submission -> calls.incrementAndGet() == 1
                                ? never
                                : CompletableFuture.completedFuture(new Verdict.Accepted()))) {
            publish("", MessageProperties.MINIMAL_BASIC, "one");
            await().until(() -> calls.get() == 1);

            cable.breakAll();

            await().until(() -> intake.counts().accepted() == 1);
            never.complete(new Verdict.Accepted()); // too late, and harmless
            publish("", MessageProperties.MINIMAL_BASIC, "two");
            await().until(() -> intake.counts().accepted() == 3);
            assertThat(intake.isConnected()).isTrue();
        }
        assertThat(depth(RabbitTopology.INTAKE)).isZero();
    }
}
