package dev.rung.server.scene;

import dev.rung.core.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** {@code rung serve}, or {@code rung demo}, as a process of its own. */
public final class Serving implements AutoCloseable {
    private static final String READY = "Rung is ready at ";

    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    /** Starts one; its standard error goes to a file in the folder. */
    public Serving(Path folder, Map<String, String> environment, String... flags) {
        this("serve", folder, environment, flags);
    }

    /** {@code rung demo}, which is a server in company. */
    public static Serving demo(Path folder, Map<String, String> environment, String... flags) {
        return new Serving("demo", folder, environment, flags);
    }

    private Serving(String name, Path folder, Map<String, String> environment, String... flags) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rung.server.Rung",
                name));
        command.addAll(List.of(flags));
        if (!command.contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        errors = folder.resolve("stderr-" + System.nanoTime() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
        // The JVM would say on standard error that it picked them up.
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("RUNG_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits for its line and answers the address in it. */
    public URI ready() {
        try {
            String line = out.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new AssertionError("it said " + line + "\n" + errors());
            }
            return URI.create(line.substring(READY.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Caller caller(URI address, String key) {
        HttpClient http = HttpClient.newHttpClient();
        return new Caller(http, address, key, OpenApi.of(http, address));
    }

    /** The next line that it says; null after the last. */
    public String line() {
        try {
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it said on standard error so far. */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it said on standard output after its line; waits for its end. */
    public String restOfOutput() {
        try {
            return String.join("\n", out.readAllLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void terminate() {
        process.toHandle().destroy(); // the process's own destroy() would also close what it still has to say
    }

    public void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end and answers its exit code. */
    public int exitCode() {
        try {
            if (!process.waitFor(Patience.AT_MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it still runs after " + Patience.AT_MOST + "\n" + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }
}
