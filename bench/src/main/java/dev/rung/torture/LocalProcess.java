package dev.rung.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A child process that can be killed, stopped and continued, with its descendants. */
final class LocalProcess {
    private static final Duration END = Duration.ofSeconds(60);
    private static final Path NULL = Path.of("/dev/null");

    private final Process process;

    private LocalProcess(Process process) {
        this.process = process;
    }

    /** Starts a program in the background; its output is appended to the log. */
    static LocalProcess start(List<String> command, Map<String, String> environment, Path log) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(NULL.toFile()));
            builder.environment().keySet().removeIf(LocalProcess::isInherited);
            builder.environment().putAll(environment);
            return new LocalProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /** Settings of the caller's own servers must not leak into the private ones. */
    private static boolean isInherited(String variable) {
        return variable.startsWith("RUNG_") || variable.startsWith("RABBITMQ_");
    }

    /** Runs a program to its end and returns its output. */
    static String run(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(NULL.toFile()));
            builder.environment().keySet().removeIf(LocalProcess::isInherited);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed (" + status + "):\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill9() {
        // Stopped first: a process that is started meanwhile would live on.
        Set<ProcessHandle> all = new LinkedHashSet<>();
        while (all.addAll(handles())) {
            all.forEach(each -> signal("-STOP", each));
        }
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGSTOP. */
    void freeze() {
        handles().forEach(each -> signal("-STOP", each));
    }

    /** SIGCONT. */
    void resume() {
        handles().forEach(each -> signal("-CONT", each));
    }

    /** Fails only if the process has ended. */
    private static void signal(String signal, ProcessHandle to) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(to.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ProcessHandle> handles() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** Different free ports: all are bound before any is released. */
    static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Polls until the condition holds. */
    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + ": not within " + atMost.toSeconds() + " s");
            }
            pause(Duration.ofMillis(100));
        }
    }

    static void pause(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
        }
    }

    static void deleteTree(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first folder of these, or on the PATH, with an executable of this name. */
    static Path find(String program, List<Path> folders) {
        List<Path> places = new ArrayList<>(folders);
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(folder));
        }
        return places.stream()
                .filter(folder -> Files.isExecutable(folder.resolve(program)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(program + " is not installed"));
    }
}
