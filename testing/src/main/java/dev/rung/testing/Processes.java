package dev.rung.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Programs that tests start. */
final class Processes {
    private static final int ATTEMPTS_MAX = 100;

    private Processes() {}

    /** Starts a program that goes on by itself; what it says is added to the log. */
    static Process start(List<String> command, Path log) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    static String run(String... command) {
        return run(List.of(command));
    }

    /** Runs a program to its end and answers what it said. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command), e);
        }
    }

    /** Whether there is such a program and it ends well. */
    static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    /** A moment between two looks at something that is starting. */
    static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    /** Waits for the end of one that was told to end: a kill, too, waits for a disk that is busy. */
    static void awaitEnd(ProcessHandle process) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (process.isAlive() && !isDefunct(process)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
            pause();
        }
    }

    /** Whether it has ended and only its parent does not look: so it stays where nobody adopts orphans, as in many a container. */
    private static boolean isDefunct(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // it is gone, or this system tells otherwise
        }
    }

    static void deleteTree(Path directory) {
        for (int attempts = 1; ; attempts++) {
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
                return;
            } catch (IOException | UncheckedIOException e) {
                // Somebody who was killed a moment ago was still at it.
                if (attempts == ATTEMPTS_MAX) {
                    throw new IllegalStateException("deleting " + directory, e);
                }
                pause();
            }
        }
    }
}
