package dev.rung.torture;

import dev.rung.cli.CommandProvider;
import dev.rung.core.model.Durations;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rung torture}: faults under load on a private cluster, and a verdict. */
@Command(
        name = "torture",
        header = "Fault injection: a private cluster under load, a seeded schedule of faults, and a verdict.",
        description = {
            "",
            "Starts three RabbitMQ nodes, PostgreSQL with a replica and several servers on this machine, submits notifications to a merchant that"
                    + " fails once, and injects a fault every 15 seconds. A checker compares the accepted notifications with the requests received"
                    + " and the attempts recorded. Exits with 1 if something was lost or cannot be explained.",
            "",
            "Requires installed RabbitMQ and PostgreSQL, and a checkout.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ./rung torture --seed 7 --for 10m"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class TortureCommand implements Callable<Integer> {
    /** Adds the command to {@code rung}. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new TortureCommand();
        }
    }

    private static final int SERVERS_MAX = 9;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the fault schedule (random)")
    private @Nullable Long seed;

    @Option(
            names = "--for",
            paramLabel = "D",
            defaultValue = "10m",
            description = "how long to inject faults (${DEFAULT-VALUE})")
    private String length;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "notifications per second (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "2",
            description = "number of servers, 1 to 9 (${DEFAULT-VALUE})")
    private int servers;

    @Option(
            names = "--fault",
            paramLabel = "KIND",
            description = "only faults of this kind; may be given several times: ${COMPLETION-CANDIDATES}")
    private List<Fault> kinds = List.of();

    @Option(names = "--dead-letter-strategy", paramLabel = "STRATEGY", description = "as for serve")
    private @Nullable String strategy;

    @Option(names = "--keep", description = "keep the directory with logs and data, as after a bad verdict")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Duration run = Durations.parse(length);
        if (servers < 1 || servers > SERVERS_MAX) {
            throw new ParameterException(spec.commandLine(), "--servers: is not 1 to " + SERVERS_MAX);
        }
        long chosen = seed == null ? new Random().nextLong(1_000_000) : seed;
        Path directory = Files.createTempDirectory("rung-torture");
        // PostgreSQL runs as another user when this one is root.
        directory.toFile().setExecutable(true, false);
        List<String> flags = strategy == null ? List.of() : List.of("--dead-letter-strategy", strategy);
        out.printf("seed %d, %d notifications a second, logs in %s%n", chosen, rate, directory);
        out.flush();
        boolean good;
        try (TortureCluster cluster =
                TortureCluster.start(directory, servers, List.of("-XX:+UseSerialGC", "-Xmx400m"), flags)) {
            Verdict verdict = new TortureRun(cluster, chosen, out)
                    .run(rate, run, kinds.isEmpty() ? Arrays.asList(Fault.values()) : kinds);
            verdict.print(out);
            good = verdict.isGood();
        }
        if (good && !keep) {
            LocalProcess.deleteTree(directory);
        }
        return good ? 0 : 1;
    }
}
