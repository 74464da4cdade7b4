package dev.rung.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of {@code rung torture}: a short one with the faults that once made deliveries late, doubled or lost, and long ones with all. */
class ClusterFaultsIT {
    private static final long SEED = 20_261_130;
    private static final int PER_SECOND = 40;
    /** Four of fifteen seconds, and the suspended worker's thirty. */
    private static final Duration LENGTH = Duration.ofSeconds(85);

    private static final List<Fault> FAULTS = List.of(
            Fault.BROKER_LEADER_KILLED,
            Fault.DEAD_LETTER_WORKER_SUSPENDED,
            Fault.QUEUE_DELETED,
            Fault.CONNECTION_CUT,
            Fault.SERVER_KILLED);

    /** Of a long run: each kind about twice. */
    private static final Duration LONG = Duration.ofMinutes(8);

    private static final int LONG_PER_SECOND = 60;

    @Test
    void nothingIsLostOrLateOrRepeatedWithoutAReason() throws Exception {
        run(2, PER_SECOND, LENGTH, FAULTS, List.of());
    }

    @Tag("extended")
    @ParameterizedTest
    @ValueSource(strings = {"at-least-once", "at-most-once"})
    void threeServersOutliveEveryFaultWithEitherStrategy(String strategy) throws Exception {
        run(3, LONG_PER_SECOND, LONG, List.of(Fault.values()), List.of("--dead-letter-strategy", strategy));
    }

    private static void run(int servers, int perSecond, Duration length, List<Fault> faults, List<String> flags)
            throws Exception {
        Path directory = Files.createTempDirectory("rung-torture");
        assertThat(directory.toFile().setExecutable(true, false)).isTrue();
        try (TortureCluster cluster =
                TortureCluster.start(directory, servers, List.of("-XX:+UseSerialGC", "-Xmx400m"), flags)) {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

            Verdict verdict = new TortureRun(cluster, SEED, out).run(perSecond, length, faults);

            verdict.print(out);
            assertThat(verdict.count("accepted")).isGreaterThan(perSecond * length.toSeconds() / 2);
            assertThat(verdict.count("lost")).as("lost").isZero();
            assertThat(verdict.count("extra_unexplained")).as("extra requests").isZero();
            assertThat(verdict.count("late")).as("late").isZero();
            assertThat(verdict.isGood()).isTrue();
        }
        LocalProcess.deleteTree(directory);
    }
}
