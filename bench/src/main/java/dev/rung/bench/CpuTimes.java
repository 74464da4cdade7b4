package dev.rung.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time that each part of a benchmark has used so far on this machine. That of the database and the broker is the sum of all processes of such a
 * program, so no other ones should be busy.
 *
 * @param benchmark this process: producer and merchants
 * @param database null if there is none on this machine
 * @param broker null if there is none on this machine
 */
record CpuTimes(
        Duration server,
        Duration benchmark,
        @Nullable Duration database,
        @Nullable Duration broker) {
    private static final Path PROC = Path.of("/proc");
    private static final Set<String> DATABASES = Set.of("postgres", "mariadbd", "mysqld");
    private static final Set<String> BROKERS = Set.of("beam.smp");
    /** The kernel reports CPU time to processes in hundredths of a second. */
    private static final long TICK_MILLIS = 10;

    static CpuTimes of(Bench bench) throws IOException {
        Bench.Setup setup = bench.setup();
        return new CpuTimes(
                bench.server().cpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
                setup.isEmbedded() ? null : ofPrograms(PROC, DATABASES),
                setup.rabbitmqUri() == null ? null : ofPrograms(PROC, BROKERS));
    }

    /**
     * The time of all processes of these programs, and of their children that have ended; null if there are none, or on a system without {@code
     * /proc}.
     */
    static @Nullable Duration ofPrograms(Path proc, Set<String> programs) throws IOException {
        if (!Files.isDirectory(proc)) {
            return null;
        }
        long ticks = -1;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                long used = ticks(process, programs);
                if (used >= 0) {
                    ticks = Math.max(ticks, 0) + used;
                }
            }
        }
        return ticks < 0 ? null : Duration.ofMillis(ticks * TICK_MILLIS);
    }

    /** proc(5): the name is in parentheses, and the 14th to 17th fields are utime, stime, cutime and cstime; -1 for another program. */
    private static long ticks(Path process, Set<String> programs) {
        String stat;
        try {
            stat = Files.readString(process.resolve("stat"));
        } catch (IOException e) {
            return -1; // it has ended
        }
        int end = stat.lastIndexOf(')');
        if (!programs.contains(stat.substring(stat.indexOf('(') + 1, end))) {
            return -1;
        }
        String[] fields = stat.substring(end + 2).split(" ", -1);
        long used = 0;
        for (int field = 11; field <= 14; field++) {
            used += Long.parseLong(fields[field]);
        }
        return used;
    }

    /** What was used since then for this many notifications, as seconds for 100,000. */
    List<Scenario.Figure> since(CpuTimes before, long notifications) {
        List<Scenario.Figure> figures = new ArrayList<>();
        add(figures, "server", before.server, server, notifications);
        add(figures, "database", before.database, database, notifications);
        add(figures, "broker", before.broker, broker, notifications);
        add(figures, "benchmark", before.benchmark, benchmark, notifications);
        return figures;
    }

    private static void add(
            List<Scenario.Figure> figures,
            String part,
            @Nullable Duration before,
            @Nullable Duration after,
            long notifications) {
        if (before != null && after != null && notifications > 0) {
            double seconds = after.minus(before).toMillis() / 1_000.0;
            figures.add(new Scenario.Figure(part + " CPU per 100,000", seconds * 100_000 / notifications, "s"));
        }
    }
}
