package dev.rung.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A million notifications waiting within the hour: their cost in memory and start-up time, and the lateness of others.
 */
final class MillionWaitingScenario implements Scenario {
    private static final int COUNT = 1_000_000;
    private static final int LATENESS_SAMPLES = 5_000;

    @Override
    public String name() {
        return "million";
    }

    @Override
    public String what() {
        return COUNT
                + " waiting, the server with a heap of 512 MB: start to ready, heap used, lateness before and with them";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        bench.stopServer();
        bench.startServer(List.of("-Xmx512m"));
        long[] before = LatenessScenario.measure(bench, LATENESS_SAMPLES);
        List<String> merchants = bench.merchants(100, "ok", 30);
        fill(bench, merchants);
        bench.stopServer();
        ServerProcess again = bench.startServer(List.of("-Xmx512m"));
        long[] during = LatenessScenario.measure(bench, LATENESS_SAMPLES);
        double heap = bench.heapMegabytes();
        bench.stopServer();
        return List.of(
                new Figure("start to ready", again.startToReady().toMillis() / 1000.0, "s"),
                new Figure("heap used", heap, "MB"),
                new Figure("lateness p99 before", Figures.percentile(before, 0.99) / 1e6, "ms"),
                new Figure("lateness p99 with them", Figures.percentile(during, 0.99) / 1e6, "ms"));
    }

    private static void fill(Bench bench, List<String> merchants) throws IOException {
        Instant from = Instant.now().plus(Duration.ofMinutes(8));
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications/batch")) {
            for (int done = 0; done < COUNT; done += 500) {
                // Spread over half an hour, so that most come near enough to be queued during a long run.
                String due = Bench.at(from.plusSeconds(done % 1800));
                Bench.expect(200, wire.exchange(Bench.batch(merchants, -Bench.SEQ_BASE, 500, due)));
            }
        }
    }
}
