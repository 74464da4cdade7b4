package dev.rung.bench;

import dev.rung.bench.Sink.Arrivals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Healthy merchants, while nine times as many hang for 5 s on every call. */
final class IsolationScenario implements Scenario {
    private static final int HEALTHY = 10;
    private static final int HANGING = 90;
    private static final int PER_SECOND = 500;
    private static final int SECONDS = 20;
    private static final long TICK_NANOS = 100_000_000;
    /**
     * How long the hanging merchants hang before the healthy ones are measured, so that the server has recognized them.
     */
    private static final Duration SETTLE_IN = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "isolation";
    }

    @Override
    public String what() {
        return HEALTHY + " healthy merchants' request → receipt, normally and while " + HANGING
                + " others hang, each with the same traffic";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> healthy = bench.merchants(HEALTHY, "ok", 0);
        List<String> hanging = bench.merchants(HANGING, "hang", HEALTHY);
        long[] normal = measure(bench, healthy);
        long stop = System.nanoTime() + SETTLE_IN.plusSeconds(SECONDS + 5).toNanos();
        Thread trouble = Thread.ofVirtual().start(() -> Bench.inParallel(1, n -> hammer(bench, hanging, stop)));
        Bench.pause(SETTLE_IN);
        long[] troubled = measure(bench, healthy);
        try {
            trouble.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of(
                new Figure("p50 normal", Figures.percentile(normal, 0.5) / 1e6, "ms"),
                new Figure("p99 normal", Figures.percentile(normal, 0.99) / 1e6, "ms"),
                new Figure("p50 while 90 % hang", Figures.percentile(troubled, 0.5) / 1e6, "ms"),
                new Figure("p99 while 90 % hang", Figures.percentile(troubled, 0.99) / 1e6, "ms"));
    }

    private static long[] measure(Bench bench, List<String> merchants) throws IOException {
        int count = PER_SECOND * SECONDS;
        Arrivals arrivals = bench.sink().note(count);
        long[] sent = new long[count];
        long begun = System.nanoTime();
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications")) {
            for (int i = 0; i < count; i++) {
                long at = begun + i * 1_000_000_000L / PER_SECOND;
                while (System.nanoTime() < at) {
                    Bench.pause(Duration.ofNanos(Math.max(1, at - System.nanoTime())));
                }
                byte[] one = Bench.notification(merchants.get(i % merchants.size()), i, "")
                        .getBytes(StandardCharsets.UTF_8);
                sent[i] = System.nanoTime();
                Bench.expect(202, wire.exchange(one));
            }
        }
        Bench.await(
                "the healthy merchants receive their notifications",
                Duration.ofMinutes(2),
                () -> arrivals.count.sum() >= count);
        return IntStream.range(0, count)
                .mapToLong(i -> arrivals.first[i] - sent[i])
                .toArray();
    }

    /** Sends each hanging merchant the same traffic as a healthy one, in batches, without sequence numbers. */
    private static void hammer(Bench bench, List<String> hanging, long stop) throws IOException {
        int perTick = PER_SECOND / HEALTHY * HANGING / 10;
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications/batch")) {
            for (long at = System.nanoTime(); at < stop; at += TICK_NANOS) {
                while (System.nanoTime() < at) {
                    Bench.pause(Duration.ofNanos(Math.max(1, at - System.nanoTime())));
                }
                Bench.expect(200, wire.exchange(Bench.batch(hanging, -Bench.SEQ_BASE, perTick, "")));
            }
        }
    }
}
