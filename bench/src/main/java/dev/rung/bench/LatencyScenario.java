package dev.rung.bench;

import dev.rung.bench.Sink.Arrivals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** One notification on an idle system: the time from sending the request to its receipt by the merchant. */
final class LatencyScenario implements Scenario {
    private static final int SAMPLES = 500;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String what() {
        return "API request → merchant's receipt, one at a time, " + SAMPLES + " samples";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        String merchant = bench.merchants(1, "ok", 0).getFirst();
        Arrivals arrivals = bench.sink().note(SAMPLES);
        long[] sent = new long[SAMPLES];
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications")) {
            for (int i = 0; i < SAMPLES; i++) {
                byte[] body = Bench.notification(merchant, i, "").getBytes(StandardCharsets.UTF_8);
                sent[i] = System.nanoTime();
                Bench.expect(202, wire.exchange(body));
                long expected = i + 1L;
                Bench.await("a notification arrives", Duration.ofSeconds(30), () -> arrivals.count.sum() >= expected);
            }
        }
        long[] took = IntStream.range(0, SAMPLES)
                .mapToLong(i -> arrivals.first[i] - sent[i])
                .toArray();
        bench.report().sample(name(), took);
        return List.of(
                new Figure("p50", Figures.percentile(took, 0.5) / 1e6, "ms"),
                new Figure("p99", Figures.percentile(took, 0.99) / 1e6, "ms"));
    }
}
