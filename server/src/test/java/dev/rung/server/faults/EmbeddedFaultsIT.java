package dev.rung.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.port.MachineLag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** One server with embedded storage. */
class EmbeddedFaultsIT {
    /** A wait of one second, measured by clocks with different rates. */
    private static final Duration A_RUNG = Duration.ofMillis(950);
    /**
     * On a machine that stalls this long an attempt may seem lost; its repetition is marked, which the audit checks.
     */
    static final long STALL_MILLIS = 1_500;
    /** A limit for busy machines; following the stepped clock would make it an hour. */
    private static final Duration LATE_AT_MOST = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final MachineLag stalls = MachineLag.watch();

    @AfterEach
    void stopWatching() {
        stalls.close();
    }

    private ServerProcess server() {
        return new ServerProcess(folder.resolve("data"), Map.of());
    }

    static void awaitCount(TrafficGenerator traffic, int count) {
        await().until(() -> traffic.count() >= count);
    }

    @Test
    void nothingThatWasPromisedIsLostHoweverOftenTheServerIsKilled(TestReporter reporter) throws Exception {
        long seed = System.nanoTime();
        reporter.publishEntry("seed of the kills", Long.toString(seed));
        Random random = new Random(seed);
        try (ServerProcess server = server().start();
                RecordingMerchant recorder = RecordingMerchant.failingSometimes();
                TrafficGenerator traffic =
                        new TrafficGenerator(server::operator, server.operator().merchant(recorder))) {
            for (int kill = 0; kill < 5; kill++) {
                awaitCount(traffic, traffic.count() + 50);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
                server.kill9();
                server.start();
            }
            awaitCount(traffic, traffic.count() + 50);
            Set<String> promised = traffic.stop();

            DeliveryAudit audit = DeliveryAudit.of(server.operator(), recorder, promised);

            assertThat(audit.notifications()).isGreaterThanOrEqualTo(300);
        }
    }

    @Test
    void aSignalToStopLetsWhatIsUnderWayFinish() throws Exception {
        try (ServerProcess server = server().start();
                RecordingMerchant slow = RecordingMerchant.slow(Duration.ofMillis(1_200));
                RecordingMerchant hanging = RecordingMerchant.slow(Duration.ofMinutes(2))) {
            String merchant = server.operator().merchant(slow);
            String hangs = server.operator().merchant(hanging);
            server.operator()
                    .post("/v1/notifications", "{\"merchant_id\":\"" + hangs + "\",\"payload\":1}")
                    .expect(202);
            TrafficGenerator traffic = new TrafficGenerator(server::operator, merchant);
            awaitCount(traffic, 100);

            long before = System.nanoTime();
            server.sigterm();
            int code = server.awaitExit();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(code).as(server.output()).isZero();
            assertThat(took).isLessThan(stalls.forgive(Duration.ofSeconds(10)));
            assertThat(server.announcesItself()).isFalse();
            Set<String> promised = traffic.stop();
            assertThat(slow.requests()).isPositive();

            server.start();
            DeliveryAudit audit = DeliveryAudit.of(server.operator(), slow, promised);
            assertThat(audit.extras())
                    .as("nothing was cut off")
                    .matches(extras -> extras == 0 || stalls.worst() > STALL_MILLIS);
        }
    }

    @Test
    void aFullDiskIsSaidAndNothingIsPretended() throws Exception {
        try (RecordingMerchant recorder = RecordingMerchant.acknowledging();
                // Files are limited to 4 MiB, which a database sees as a full disk.
                ServerProcess small = new ServerProcess(folder.resolve("data"), Map.of(), List.of("ulimit -f 4096"))) {
            small.start();
            String merchant = small.operator().merchant(recorder);
            String payload = "\"" + "x".repeat(100_000) + "\"";
            List<String> promised = new ArrayList<>();
            OperatorClient.Answer refused = null;
            for (int i = 0; i < 400 && refused == null; i++) {
                OperatorClient.Answer reply = small.operator()
                        .post(
                                "/v1/notifications",
                                "{\"merchant_id\":\"" + merchant + "\",\"payload\":" + payload + "}");
                if (reply.status() == 202) {
                    promised.add(reply.json().path("id").asString());
                } else {
                    refused = reply;
                }
            }
            assertThat(refused)
                    .as(promised.size() + " were accepted; " + small.output())
                    .isNotNull();
            refused.expect(503);
            assertThat(refused.retryAfter()).isNotEmpty();
            small.kill9();

            try (ServerProcess roomy = small.unlimited().start()) {
                DeliveryAudit audit = DeliveryAudit.of(roomy.operator(), recorder, promised);
                assertThat(audit.notifications()).isEqualTo(promised.size());
                roomy.operator()
                        .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                        .expect(202);
            }
        }
    }

    @Test
    void aWallClockThatIsSetAnHourEitherWayMovesNothing() throws Exception {
        WallClock clock = new WallClock(folder);
        try (ServerProcess server = server().with(clock.option()).start();
                RecordingMerchant recorder = RecordingMerchant.failingSometimes();
                TrafficGenerator traffic =
                        new TrafficGenerator(server::operator, server.operator().merchant(recorder))) {
            for (int hours : new int[] {1, -1, 0}) {
                awaitCount(traffic, traffic.count() + 50);
                double steps = server.operator().metric("rung_clock_steps_total");
                clock.step(Duration.ofHours(hours));
                await().until(() -> server.operator().metric("rung_clock_steps_total") > steps);
                awaitCount(traffic, traffic.count() + 50);
            }
            Set<String> promised = traffic.stop();

            DeliveryAudit audit = DeliveryAudit.of(server.operator(), recorder, promised);

            assertThat(audit.extras()).matches(extras -> extras == 0 || stalls.worst() > STALL_MILLIS);
            assertThat(recorder.waits())
                    .as("a rung of a second")
                    .isNotEmpty()
                    .allSatisfy(wait -> assertThat(wait).isBetween(A_RUNG, LATE_AT_MOST));
        }
    }
}
