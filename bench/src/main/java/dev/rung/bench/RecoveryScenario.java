package dev.rung.bench;

import dev.rung.bench.Sink.Arrivals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The broker fails with many notifications waiting, and comes back, with or without its data. Measures how late they
 * start, counted from their due time or from the broker's return, whichever is later.
 */
final class RecoveryScenario implements Scenario {
    private static final int COUNT = 10_000;
    private static final int MERCHANTS = 20;
    private static final Duration AHEAD = Duration.ofSeconds(12);
    private static final int SPREAD_SECONDS = 20;

    private final String name;
    private final String command;

    /**
     * One kind of failure.
     *
     * @param command a shell command that stops and restarts the broker; it ends when the broker is up again
     */
    RecoveryScenario(String name, String command) {
        this.name = name;
        this.command = command;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String what() {
        return COUNT + " waiting, due within " + SPREAD_SECONDS + " s, while the broker is restarted by: " + command;
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> merchants = bench.merchants(MERCHANTS, "ok", 0);
        Arrivals arrivals = bench.sink().note(COUNT);
        Instant first = Instant.now().plus(AHEAD);
        long firstNanos = System.nanoTime() + AHEAD.toNanos();
        int perSecond = COUNT / SPREAD_SECONDS;
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications/batch")) {
            for (int from = 0; from < COUNT; from += perSecond) {
                String due = Bench.at(first.plusSeconds(from / perSecond));
                Bench.expect(200, wire.exchange(Bench.batch(merchants, from, perSecond, due)));
            }
        }
        goAndComeBack();
        long back = System.nanoTime();
        Bench.await("everything is delivered", Duration.ofMinutes(3), () -> arrivals.count.sum() >= COUNT);
        long[] late = IntStream.range(0, COUNT)
                .mapToLong(
                        i -> arrivals.first[i] - Math.max(back, firstNanos + TimeUnit.SECONDS.toNanos(i / perSecond)))
                .map(nanos -> Math.max(0, nanos))
                .toArray();
        return List.of(
                new Figure("p50", Figures.percentile(late, 0.5) / 1e9, "s"),
                new Figure("latest", Figures.percentile(late, 1) / 1e9, "s"),
                new Figure("extra requests", repeated(arrivals), ""));
    }

    private static double repeated(Arrivals arrivals) {
        return Arrays.stream(arrivals.second).filter(at -> at != 0).count();
    }

    private void goAndComeBack() throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the command failed: " + command);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker was down", e);
        }
    }
}
