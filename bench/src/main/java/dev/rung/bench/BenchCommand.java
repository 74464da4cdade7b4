package dev.rung.bench;

import dev.rung.bench.Scenario.Figure;
import dev.rung.cli.CommandProvider;
import dev.rung.core.model.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rung bench}: measures scenarios and prints the figures. */
@Command(
        name = "bench",
        header = "Measures throughput and lateness, with server, merchants and producer on this machine.",
        description = {
            "",
            "Figures are medians of the runs, after a warm-up. By default the embedded store and queue are measured; with --database-url and"
                    + " --rabbitmq-uri a database server and RabbitMQ, which should contain nothing else. The benchmark runs from a checkout only.",
            "",
            "Scenarios: throughput, singles, bare, lateness, latency, payments, burst, isolation, fan-out, million, merchants, console,"
                    + " consoles. By default: all but the last four.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung bench",
            "  ./rung bench --runs 1 throughput lateness",
            "  ./rung bench --database-url jdbc:postgresql://db/bench --rabbitmq-uri amqp://mq/"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BenchCommand implements Callable<Integer> {
    /** Adds the command to {@code rung}. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new BenchCommand();
        }
    }

    /** Measured only on request: they take long, or leave a full store behind. */
    private static final Set<String> LONG = Set.of("million", "merchants", "console", "consoles");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "what to measure", arity = "0..*")
    private List<String> names = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "runs of each scenario, of which the medians are shown (${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--warm-up",
            paramLabel = "D",
            defaultValue = "20s",
            description = "load before the first measurement (${DEFAULT-VALUE})")
    private String warmUp;

    @Option(
            names = "--window",
            paramLabel = "D",
            defaultValue = "10s",
            description = "duration of a throughput measurement (${DEFAULT-VALUE})")
    private String window;

    @Option(
            names = "--stored",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "notifications that the scenario console stores first, in an empty store (${DEFAULT-VALUE})")
    private int stored;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "bench-results",
            description =
                    "folder for bench.json and the plots of latency and lateness; runs of one store add up (${DEFAULT-VALUE})")
    private Path results;

    @Option(names = "--database-url", paramLabel = "URL", description = "database server, as for serve")
    private @Nullable String databaseUrl;

    @Option(names = "--rabbitmq-uri", paramLabel = "URI", description = "RabbitMQ, as for serve")
    private @Nullable String rabbitmqUri;

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "for the server's JVM; may be given several times")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--restart-broker",
            paramLabel = "COMMAND",
            description =
                    "shell command that kills and restarts the broker and ends when it is up again; adds the scenario broker-killed")
    private @Nullable String restartBroker;

    @Option(
            names = "--wipe-broker",
            paramLabel = "COMMAND",
            description = "the same, but it also deletes the broker's data; adds the scenario broker-wiped")
    private @Nullable String wipeBroker;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("rung-bench");
        try {
            Bench.Setup setup = new Bench.Setup(
                    databaseUrl,
                    rabbitmqUri,
                    directory,
                    jvmOptions,
                    Durations.parse(warmUp),
                    Durations.parse(window),
                    stored);
            List<Scenario> chosen = chosen();
            out.printf(
                    "Machine: %d processors, %s %s, Java %s%n",
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Runtime.version());
            out.printf("Store and queue: %s%n%n", setup.storeAndQueue());
            out.flush();
            BenchReport report = new BenchReport(setup.storeAndQueue(), Instant.now());
            try (Bench bench = new Bench(setup, report)) {
                for (Scenario scenario : chosen) {
                    measure(out, scenario, bench);
                }
            }
            report.write(results).forEach(file -> out.printf("Written: %s%n", file));
            out.flush();
        } catch (IOException | IllegalStateException e) {
            spec.commandLine().getErr().println("rung bench: " + e.getMessage() + "\nLogs are in " + directory);
            return 1;
        }
        delete(directory);
        return 0;
    }

    private List<Scenario> chosen() {
        Map<String, Scenario> all = Stream.of(
                        new ThroughputScenario(false),
                        new ThroughputScenario(true),
                        new BareScenario(),
                        new LatenessScenario(),
                        new LatencyScenario(),
                        new SynchronousReturnScenario(),
                        new BurstScenario(),
                        new IsolationScenario(),
                        new FanOutScenario(),
                        new MillionWaitingScenario(),
                        new ManyMerchantsScenario(),
                        new ConsoleSearchScenario(),
                        new ConsoleLoadScenario())
                .collect(Collectors.toMap(Scenario::name, s -> s, (a, b) -> a, LinkedHashMap::new));
        if (restartBroker != null) {
            all.put("broker-killed", new RecoveryScenario("broker-killed", restartBroker));
        }
        if (wipeBroker != null) {
            all.put("broker-wiped", new RecoveryScenario("broker-wiped", wipeBroker));
        }
        List<Scenario> chosen = new ArrayList<>();
        for (String name : names) {
            Scenario scenario = all.get(name);
            if (scenario == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown scenario " + name + "; known are " + String.join(", ", all.keySet()));
            }
            chosen.add(scenario);
        }
        if (chosen.isEmpty()) {
            all.values().stream().filter(s -> !LONG.contains(s.name())).forEach(chosen::add);
        }
        return chosen;
    }

    private void measure(PrintWriter out, Scenario scenario, Bench bench) throws Exception {
        out.printf("%s: %s%n", scenario.name(), scenario.what());
        out.flush();
        Map<String, List<Figure>> figures = new LinkedHashMap<>();
        for (int run = 0; run < runs; run++) {
            for (Figure figure : scenario.run(bench)) {
                figures.computeIfAbsent(figure.name(), n -> new ArrayList<>()).add(figure);
            }
        }
        bench.report().add(scenario.name(), scenario.what(), figures);
        figures.forEach((name, all) -> out.printf(
                Locale.ROOT,
                "  %-28s %12s %-4s  (%s)%n",
                name,
                number(Figures.median(all.stream().map(Figure::value).toList())),
                all.getFirst().unit(),
                all.stream().map(figure -> number(figure.value())).collect(Collectors.joining(", "))));
        out.println();
        out.flush();
    }

    private static String number(double value) {
        return value >= 1_000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
