package dev.rung.server.baddays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.scene.Caller;
import dev.rung.server.scene.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server, nothing beside it. */
class EmbeddedBadDaysIT {
    private static final Duration SETTLED = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ServerProcess server() {
        return new ServerProcess(folder.resolve("data"), Map.of());
    }

    static String merchant(Caller operator, Recorder recorder) {
        return operator.post(
                        "/v1/merchants",
                        "{\"name\":\"Tea House\",\"notify_url\":\"" + recorder.url() + "\",\"max_in_flight\":64}")
                .expect(201)
                .at("/id");
    }

    static void awaitCount(Traffic traffic, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> traffic.count() >= count);
    }

    @Test
    void nothingThatWasPromisedIsLostHoweverOftenTheServerIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (ServerProcess server = server().start();
                Recorder recorder = Recorder.moody();
                Traffic traffic = new Traffic(server::operator, merchant(server.operator(), recorder))) {
            for (int kill = 0; kill < 5; kill++) {
                awaitCount(traffic, traffic.count() + 50);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
                server.kill9();
                server.start();
            }
            awaitCount(traffic, traffic.count() + 50);
            Set<String> promised = traffic.stop();

            Audit audit = Audit.of(server.operator(), recorder, promised, SETTLED);

            assertThat(audit.notifications()).as("seed " + seed).isGreaterThan(300);
        }
    }

    @Test
    void aSignalToStopLetsWhatIsUnderWayFinish() throws Exception {
        try (ServerProcess server = server().start();
                Recorder slow = Recorder.slow(Duration.ofMillis(1_200));
                Recorder hanging = Recorder.slow(Duration.ofSeconds(20))) {
            String merchant = merchant(server.operator(), slow);
            String hangs = merchant(server.operator(), hanging);
            server.operator()
                    .post("/v1/notifications", "{\"merchant_id\":\"" + hangs + "\",\"payload\":1}")
                    .expect(202);
            Traffic traffic = new Traffic(server::operator, merchant);
            awaitCount(traffic, 100);

            long before = System.nanoTime();
            server.sigterm();
            int code = server.awaitExit(Duration.ofSeconds(12));
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(code).as(server.output()).isZero();
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(server.announcesItself()).isFalse();
            Set<String> promised = traffic.stop();
            int seen = slow.requests();

            server.start();
            Set<String> attempted =
                    promised.stream().filter(id -> !slow.of(id).isEmpty()).collect(java.util.stream.Collectors.toSet());
            assertThat(attempted).isNotEmpty();
            for (String id : attempted) {
                server.operator().get("/v1/notifications/" + id).expect(200);
            }
            await().atMost(SETTLED).until(() -> promised.stream().allMatch(slow::acknowledged));
            assertThat(seen).isPositive();
            assertThat(slow.requests()).as("each was asked once").isEqualTo(promised.size());
        }
    }

    @Test
    void aSecondServerOnTheSameDataDirIsToldSo() {
        try (ServerProcess first = server().start();
                ServerProcess second = server()) {
            int code = second.startInVain();

            assertThat(code).isEqualTo(1);
            assertThat(second.output())
                    .contains("is in use by another server (process " + first.pid() + ")", "--data-dir");
            assertThat(first.operator().get("/v1/notifications").status()).isEqualTo(200);
            assertThat(first.announcesItself()).isTrue();
        }
    }

    @Test
    void aFullDiskIsSaidAndNothingIsPretended() throws Exception {
        try (Recorder recorder = Recorder.content();
                // No file may grow beyond 4 MiB: to a database, that is a disk which is full.
                ServerProcess small = new ServerProcess(folder.resolve("data"), Map.of(), List.of("ulimit -f 4096"))) {
            small.start();
            String merchant = merchant(small.operator(), recorder);
            String payload = "\"" + "x".repeat(100_000) + "\"";
            List<String> promised = new java.util.ArrayList<>();
            Reply refused = null;
            for (int i = 0; i < 400 && refused == null; i++) {
                Reply reply = small.operator()
                        .post(
                                "/v1/notifications",
                                "{\"merchant_id\":\"" + merchant + "\",\"payload\":" + payload + "}");
                if (reply.status() == 202) {
                    promised.add(reply.at("/id"));
                } else {
                    refused = reply;
                }
            }
            assertThat(refused)
                    .as(promised.size() + " were accepted; " + small.output())
                    .isNotNull();
            refused.expectProblem(503);
            assertThat(refused.header("retry-after")).isNotEmpty();
            small.kill9();

            try (ServerProcess roomy = small.unlimited().start()) {
                Audit audit = Audit.of(roomy.operator(), recorder, promised, SETTLED);
                assertThat(audit.notifications()).isEqualTo(promised.size());
                roomy.operator()
                        .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                        .expect(202);
            }
        }
    }
}
