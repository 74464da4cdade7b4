package dev.rung.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server as a separate process, started like this process. */
public final class ServerProcess implements AutoCloseable {
    private static final String READY = "Rung is ready at ";
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Process process;
    private final URI address;
    private final Duration startToReady;

    private ServerProcess(Process process, URI address, Duration startToReady) {
        this.process = process;
        this.address = address;
        this.startToReady = startToReady;
    }

    /** Starts {@code serve} and waits for its ready line. */
    static ServerProcess start(
            List<String> jvmOptions, List<String> arguments, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = rung(jvmOptions);
        command.add("serve");
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        Process process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                Thread.ofVirtual().start(() -> out.lines().forEach(rest -> {}));
                return new ServerProcess(
                        process, URI.create(line.substring(READY.length()).strip()), took);
            }
        }
        throw new IOException("the server did not start; its log is " + log);
    }

    /** The command line that runs Rung as this process runs. */
    public static List<String> rung(List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(jvmOptions);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(java.io.File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, "dev.rung.server.Rung"));
        }
        return command;
    }

    URI address() {
        return address;
    }

    Duration startToReady() {
        return startToReady;
    }

    /** CPU time used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
