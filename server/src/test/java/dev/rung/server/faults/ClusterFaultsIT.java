package dev.rung.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.port.MachineLag;
import dev.rung.server.faults.RecordingMerchant.Seen;
import dev.rung.testing.CutConnection;
import dev.rung.testing.PostgresServer;
import dev.rung.testing.RabbitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers on one PostgreSQL and one RabbitMQ, each behind a proxy that can break connections. Every test restores
 * them.
 */
class ClusterFaultsIT {
    /** Waiting deliveries start within this time after the broker is back; a minute more on a busy machine. */
    private static final Duration FOUND_AGAIN = Duration.ofSeconds(15 + 60);
    /** A wait of one second, measured by clocks with different rates. */
    private static final Duration A_RUNG = Duration.ofMillis(950);
    /** A limit for busy machines; following the stepped clock would make it an hour. */
    private static final Duration LATE_AT_MOST = Duration.ofMinutes(10);

    @TempDir
    static Path folder;

    private static PostgresServer postgres;
    private static RabbitServer rabbit;
    private static DatabaseClock clock;
    private static CutConnection toPostgres;
    private static CutConnection toRabbit;
    private static ServerProcess one;
    private static ServerProcess two;

    private final AtomicInteger turn = new AtomicInteger();
    private final MachineLag stalls = MachineLag.watch();
    private RecordingMerchant recorder;
    private TrafficGenerator traffic;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start();
        rabbit = RabbitServer.start();
        toPostgres = CutConnection.to(postgres.port());
        toRabbit = CutConnection.to(rabbit.port());
        String database = postgres.createDatabase();
        clock = new DatabaseClock(database, postgres.user(), postgres.password());
        Map<String, String> environment = Map.of(
                "RUNG_DATABASE_URL", database.replace(":" + postgres.port(), ":" + toPostgres.port()),
                "RUNG_DATABASE_USER", postgres.user(),
                "RUNG_DATABASE_PASSWORD", postgres.password(),
                "RUNG_RABBITMQ_URI", rabbit.uri().replace(":" + rabbit.port(), ":" + toRabbit.port()),
                "RUNG_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        one = new ServerProcess(folder.resolve("one"), environment).start();
        two = new ServerProcess(folder.resolve("two"), environment).start();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {one, two, toRabbit, toPostgres, rabbit, postgres}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The two servers in turn. */
    private OperatorClient inTurn() {
        return (turn.getAndIncrement() % 2 == 0 ? one : two).operator();
    }

    /** During a test, both servers receive notifications continuously. */
    @BeforeEach
    void begin() {
        recorder = RecordingMerchant.failingSometimes();
        traffic = new TrafficGenerator(this::inTurn, one.operator().merchant(recorder));
    }

    @AfterEach
    void end() throws InterruptedException {
        traffic.close();
        recorder.close();
        stalls.close();
    }

    /** Ends the traffic and compares the promises with what the merchant received. */
    private DeliveryAudit audit() throws InterruptedException {
        return DeliveryAudit.of(one.operator(), recorder, traffic.stop());
    }

    private void awaitMore(int more) {
        int before = traffic.count();
        await().until(() -> traffic.count() >= before + more);
    }

    /** Both still accept; what is due is late. */
    private static void awaitDegraded() {
        for (ServerProcess server : List.of(one, two)) {
            await().untilAsserted(() -> assertThat(server.operator()
                            .get("/ready")
                            .expect(200)
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("degraded"));
        }
    }

    private static void awaitReady() {
        for (ServerProcess server : List.of(one, two)) {
            await().untilAsserted(() -> assertThat(server.operator()
                            .get("/ready")
                            .expect(200)
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("ready"));
        }
    }

    private static void awaitReady(int status) {
        for (ServerProcess server : List.of(one, two)) {
            await().untilAsserted(() -> server.operator().get("/ready").expect(status));
        }
    }

    private static int postOne(String merchant) {
        return one.operator()
                .post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .status();
    }

    @Test
    void twoServersNeverBothAttemptTheSameRung() throws Exception {
        awaitMore(300);
        Set<String> promised = traffic.stop();

        DeliveryAudit audit = audit();

        if (stalls.worst() <= EmbeddedFaultsIT.STALL_MILLIS) {
            assertThat(audit.extras()).isZero();
            for (String id : promised) {
                assertThat(recorder.of(id)).extracting(Seen::attempt).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void oneServerTakesOverWhenTheOtherIsKilled() throws Exception {
        awaitMore(100);
        // A wake with a long wait must not hide lost ones.
        Instant far = Instant.now().plus(Duration.ofMinutes(10));
        String other = one.operator().merchant(recorder);
        one.operator()
                .post(
                        "/v1/notifications",
                        "{\"merchant_id\":\"" + other + "\",\"payload\":1,\"deliver_at\":\"" + far + "\"}")
                .expect(202);
        two.kill9();
        awaitMore(100);
        two.start();
        awaitMore(100);
        one.kill9();
        awaitMore(100);
        one.start();

        audit();
    }

    @Test
    void aBrokerThatIsKilledAndComesBackLosesNothing() throws Exception {
        awaitMore(100);
        long killed = System.nanoTime();
        rabbit.kill9();
        awaitDegraded();
        awaitMore(100); // the database has the notifications: intake continues
        rabbit.restart();
        awaitReady();
        Duration outage = Duration.ofNanos(System.nanoTime() - killed);
        awaitMore(50);

        audit();

        assertThat(Collections.max(recorder.waits())).isLessThan(outage.plus(FOUND_AGAIN));
    }

    @Test
    void aBrokerThatForgotEverythingIsToldAgain() throws Exception {
        awaitMore(200);
        long wiped = System.nanoTime();
        rabbit.wipe();
        awaitReady();
        Duration outage = Duration.ofNanos(System.nanoTime() - wiped);
        awaitMore(50);

        audit();

        assertThat(Collections.max(recorder.waits())).isLessThan(outage.plus(FOUND_AGAIN));
    }

    @Test
    void aCutCableToTheBrokerHealsByItself() throws Exception {
        for (int cut = 0; cut < 3; cut++) {
            awaitMore(50);
            toRabbit.breakAll();
        }
        toRabbit.cut();
        awaitDegraded();
        toRabbit.restore();
        awaitReady();

        audit();
    }

    @Test
    void aDatabaseThatIsKilledIsNotPretendedToBeThere() throws Exception {
        String merchant = one.operator().merchant(recorder);
        awaitMore(100);
        postgres.kill9();
        assertThat(postOne(merchant)).isEqualTo(503);
        awaitReady(503);
        postgres.restart();
        awaitReady();
        awaitMore(50);

        audit();
    }

    @Test
    void aCutCableToTheDatabaseHealsByItself() throws Exception {
        for (int cut = 0; cut < 3; cut++) {
            awaitMore(50);
            toPostgres.breakAll();
        }
        toPostgres.cut();
        awaitReady(503);
        toPostgres.restore();
        awaitReady();

        audit();
    }

    @Test
    void aDatabaseThatTakesNoWritesIsNotPretendedTo() throws Exception {
        String merchant = one.operator().merchant(recorder);
        awaitMore(100);
        postgres.makeReadOnly();
        await().until(() -> postOne(merchant) == 503);
        int refused = traffic.refusals();
        await().until(() -> traffic.refusals() > refused);
        postgres.makeWritable();
        awaitMore(50);

        audit();
    }

    @Test
    void aDatabaseWhoseClockIsSetAnHourEitherWayMovesNothing() throws Exception {
        for (int hours : new int[] {1, -1, 0}) {
            awaitMore(50);
            double stepsOfOne = one.operator().metric("rung_clock_steps_total");
            double stepsOfTwo = two.operator().metric("rung_clock_steps_total");
            clock.step(Duration.ofHours(hours));
            await().until(() -> one.operator().metric("rung_clock_steps_total") > stepsOfOne
                    && two.operator().metric("rung_clock_steps_total") > stepsOfTwo);
            awaitMore(50);
        }
        DeliveryAudit audit = audit();

        assertThat(audit.extras()).matches(extras -> extras == 0 || stalls.worst() > EmbeddedFaultsIT.STALL_MILLIS);
        assertThat(recorder.waits())
                .as("a rung of a second")
                .isNotEmpty()
                .allSatisfy(wait -> assertThat(wait).isBetween(A_RUNG, LATE_AT_MOST));
    }
}
