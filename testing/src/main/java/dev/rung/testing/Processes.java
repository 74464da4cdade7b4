package dev.rung.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Starts and stops programs for tests. */
final class Processes {
    private static final int ATTEMPTS_MAX = 100;

    private Processes() {}

    /** Starts a program in the background; its output is appended to the log. */
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

    /** Runs a program to its end and returns its output. */
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

    /** Whether the program exists and exits with 0. */
    static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    /** The pause between two checks of a starting program. */
    static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    /**
     * Kills a process and all that it has started, and waits for their ends. They are stopped first, because a process that is started
     * meanwhile would live on, and keep what the others held.
     */
    static void killTree(Process root) {
        Set<ProcessHandle> all = new LinkedHashSet<>();
        all.add(root.toHandle());
        for (int stopped = 0; stopped < all.size(); ) {
            stopped = all.size();
            all.forEach(process -> succeeds("kill", "-STOP", Long.toString(process.pid())));
            root.descendants().forEach(all::add);
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Processes::awaitEnd);
    }

    /** Waits for the end of a process that was told to end. Even a kill may wait for a busy disk. */
    static void awaitEnd(ProcessHandle process) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (process.isAlive() && !isDefunct(process)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
            pause();
        }
    }

    /** Whether the process is a zombie: ended, but not reaped. In many containers, no process reaps orphans. */
    private static boolean isDefunct(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // the process is gone, or the system has no /proc
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
                // A process that was just killed was still writing.
                if (attempts == ATTEMPTS_MAX) {
                    throw new IllegalStateException("deleting " + directory, e);
                }
                pause();
            }
        }
    }
}
