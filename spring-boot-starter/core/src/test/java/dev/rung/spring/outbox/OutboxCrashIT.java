package dev.rung.spring.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.Retries;
import dev.rung.client.RungClient;
import dev.rung.spring.outbox.OutboxRelay.Settings;
import dev.rung.test.RecordingMerchant;
import dev.rung.test.RungExtension;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** An application is killed between any two steps; nothing is lost, and nothing arrives twice. */
class OutboxCrashIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final int NOTIFICATIONS = 5;
    private static final int KILLED = 137;

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    /** After which step the application ends. */
    enum Step {
        ADDED_NOT_COMMITTED,
        COMMITTED,
        CLAIMED,
        SUBMITTED,
        DELETED
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL,ADDED_NOT_COMMITTED",
        "POSTGRESQL,COMMITTED",
        "POSTGRESQL,CLAIMED",
        "POSTGRESQL,SUBMITTED",
        "POSTGRESQL,DELETED",
        "MARIADB,ADDED_NOT_COMMITTED",
        "MARIADB,COMMITTED",
        "MARIADB,CLAIMED",
        "MARIADB,SUBMITTED",
        "MARIADB,DELETED"
    })
    void nothingIsLostAndNothingArrivesTwice(TestDatabase kind, Step step) throws Exception {
        DriverManagerDataSource database = kind.create();
        Outbox outbox = new Outbox(database, RUNG.merchant().id(), InstantSource.system(), () -> {});
        outbox.createTable();

        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutboxCrashIT.class.getName(),
                        String.valueOf(database.getUrl()),
                        String.valueOf(database.getUsername()),
                        String.valueOf(database.getPassword()),
                        RUNG.server().url().toString(),
                        RUNG.server().apiKey(),
                        RUNG.merchant().id(),
                        step.name())
                .inheritIO()
                .start();
        assertThat(application.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(application.exitValue()).isEqualTo(KILLED);

        int expected = step == Step.ADDED_NOT_COMMITTED ? 0 : NOTIFICATIONS;
        try (OutboxRelay another =
                relay(database, RUNG.server().url(), RUNG.server().apiKey(), OutboxRelay.Steps.NONE)) {
            another.start();
            await().atMost(AT_MOST).until(() -> outbox.state().waiting() == 0);
        }
        assertThat(RUNG.merchant().await(expected, AT_MOST))
                .extracting(RecordingMerchant.Received::body)
                .containsExactlyInAnyOrderElementsOf(
                        List.of("0", "1", "2", "3", "4").subList(0, expected));
    }

    private static OutboxRelay relay(DataSource database, URI server, String key, OutboxRelay.Steps steps) {
        RungClient rung = RungClient.builder()
                .server(server)
                .key(key)
                .retries(Retries.NONE)
                .build();
        return new OutboxRelay(
                database, rung, new Settings(100, Duration.ofMillis(50), LEASE), InstantSource.system(), steps);
    }

    /** The application. {@code halt} ends a process as {@code kill -9} does: nothing is closed, flushed or rolled back. */
    public static void main(String[] args) throws Exception {
        DataSource database = TestDatabase.of(args[0], args[1], args[2]);
        Step last = Step.valueOf(args[6]);
        Outbox outbox = new Outbox(database, args[5], InstantSource.system(), () -> {});
        new TransactionTemplate(new DataSourceTransactionManager(database)).executeWithoutResult(status -> {
            for (int i = 0; i < NOTIFICATIONS; i++) {
                outbox.add(outbox.notification("" + i));
            }
            endAfter(Step.ADDED_NOT_COMMITTED, last);
        });
        endAfter(Step.COMMITTED, last);
        relay(database, URI.create(args[3]), args[4], new OutboxRelay.Steps() {
                    @Override
                    public void claimed() {
                        endAfter(Step.CLAIMED, last);
                    }

                    @Override
                    public void submitted() {
                        endAfter(Step.SUBMITTED, last);
                    }

                    @Override
                    public void deleted() {
                        endAfter(Step.DELETED, last);
                    }
                })
                .start();
        Thread.currentThread().join();
    }

    private static void endAfter(Step step, Step last) {
        if (step == last) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
