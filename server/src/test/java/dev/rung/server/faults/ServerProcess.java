package dev.rung.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.TestTimeouts;
import dev.rung.server.Rung;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server as an operator runs it: a process with a data dir. It can be killed and restarted on the same port.
 * Controlled by one thread; any thread may call it.
 */
final class ServerProcess implements AutoCloseable {
    static final String KEY = "operator-key-of-the-fault-injection";

    private static final Duration START = Duration.ofSeconds(180);
    private static final int LAUNCHES_MAX = 3;
    private static final int LINES_KEPT = 400;
    private static final Pattern READY = Pattern.compile("Rung is ready at (http://127\\.0\\.0\\.1:(\\d+))");

    private final Path dataDir;
    private final Map<String, String> environment;
    private final List<String> flags;
    private final List<String> limits;
    private final List<String> jvmOptions = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ConcurrentLinkedDeque<String> lines = new ConcurrentLinkedDeque<>();
    private int port;
    private Process process;

    /**
     * @param limits shell commands to run before the server, such as {@code ulimit -f 8192}
     * @param environment settings, by variable
     */
    ServerProcess(Path dataDir, Map<String, String> environment, List<String> limits, String... flags) {
        this.dataDir = dataDir;
        this.environment = new HashMap<>(environment);
        this.environment.putIfAbsent("RUNG_API_KEY", KEY);
        this.environment.putIfAbsent("RUNG_ALLOW_TARGETS", "127.0.0.0/8");
        this.limits = List.copyOf(limits);
        this.flags = List.of(flags);
    }

    ServerProcess(Path dataDir, Map<String, String> environment) {
        this(dataDir, environment, List.of());
    }

    /** The same server without limits, on the same port and data dir, not started. */
    ServerProcess unlimited() {
        ServerProcess other = new ServerProcess(dataDir, environment, List.of(), flags.toArray(String[]::new));
        other.port = port;
        return other;
    }

    /** Adds a JVM option from the next start on. */
    ServerProcess with(String jvmOption) {
        jvmOptions.add(jvmOption);
        return this;
    }

    /** Starts it as a supervisor does, again if it ends before it is ready. Returns when it is ready. */
    ServerProcess start() {
        for (int launches = 1; ; launches++) {
            try {
                port = launch().get(START.toSeconds(), TimeUnit.SECONDS);
                return this;
            } catch (Exception e) {
                kill9();
                if (launches == LAUNCHES_MAX) {
                    throw new AssertionError("the server did not become ready; it said:\n" + output(), e);
                }
            }
        }
    }

    private CompletableFuture<Integer> launch() {
        List<String> command = new ArrayList<>();
        if (!limits.isEmpty()) {
            command.addAll(List.of("bash", "-c", String.join("; ", limits) + "; exec \"$@\"", "serve"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Starts twice as fast; the speed afterwards does not matter here.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-XX:-UsePerfData"));
        command.addAll(jvmOptions);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Rung.class.getName(), "serve", "--port", "" + port, "--data-dir", dataDir.toString()));
        command.addAll(flags);
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("RUNG_"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process started = process;
        Thread.ofVirtual().start(() -> listen(started, ready));
        return ready;
    }

    private void listen(Process started, CompletableFuture<Integer> ready) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (lines.size() > LINES_KEPT) {
                    lines.poll();
                }
                Matcher m = READY.matcher(line);
                if (m.matches()) {
                    ready.complete(Integer.parseInt(m.group(2)));
                }
            }
        } catch (IOException e) {
            lines.add("(its output broke off: " + e.getMessage() + ")");
        }
        ready.completeExceptionally(new IllegalStateException("it ended"));
    }

    /** Kills it with SIGKILL. */
    void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Sends SIGTERM. */
    void sigterm() {
        process.destroy();
    }

    /** Waits for its end; returns its exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(TestTimeouts.AT_MOST.toMillis(), TimeUnit.MILLISECONDS))
                    .as("it ends; it said:\n" + output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The last lines of its output. */
    String output() {
        return String.join("\n", lines);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path dataDir() {
        return dataDir;
    }

    OperatorClient operator() {
        return new OperatorClient(http, url());
    }

    boolean announcesItself() {
        return Files.exists(dataDir.resolve("server.json"));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            awaitExit();
        }
        http.close();
    }
}
