package dev.rung.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short run of {@code rung torture}: the faults that once made deliveries late, doubled or lost. */
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

    @Test
    void nothingIsLostOrLateOrRepeatedWithoutAReason() throws Exception {
        Path directory = Files.createTempDirectory("rung-torture");
        assertThat(directory.toFile().setExecutable(true, false)).isTrue();
        try (TortureCluster cluster =
                TortureCluster.start(directory, List.of("-XX:+UseSerialGC", "-Xmx400m"), List.of())) {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

            Verdict verdict = new TortureRun(cluster, SEED, out).run(PER_SECOND, LENGTH, FAULTS);

            verdict.print(out);
            assertThat(verdict.count("accepted")).isGreaterThan(PER_SECOND * LENGTH.toSeconds() / 2);
            assertThat(verdict.count("lost")).as("lost").isZero();
            assertThat(verdict.count("extra_unexplained")).as("extra requests").isZero();
            assertThat(verdict.count("late")).as("late").isZero();
            assertThat(verdict.isGood()).isTrue();
        }
        LocalProcess.deleteTree(directory);
    }
}
