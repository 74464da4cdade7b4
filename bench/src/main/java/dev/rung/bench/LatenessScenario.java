package dev.rung.bench;

import dev.rung.bench.Sink.Arrivals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The lateness of second attempts: the time from the receipt of the first to the receipt of the second, minus the wait
 * of 3 s. It includes the network and the settlement of the first attempt, so the lateness that Rung records is never
 * higher.
 */
final class LatenessScenario implements Scenario {
    private static final int PER_SECOND = 500;
    private static final int COUNT = 10_000;
    private static final long WAIT_NANOS = Duration.ofSeconds(3).toNanos();

    @Override
    public String name() {
        return "lateness";
    }

    @Override
    public String what() {
        return COUNT + " second attempts at " + PER_SECOND
                + "/s: merchant's receipt, minus the first attempt's receipt and the 3 s";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        long[] late = measure(bench, COUNT);
        bench.report().sample(name(), late);
        List<Figure> figures = new ArrayList<>(List.of(
                new Figure("p50", Figures.percentile(late, 0.5) / 1e6, "ms"),
                new Figure("p99", Figures.percentile(late, 0.99) / 1e6, "ms")));
        @Nullable String broker = bench.setup().rabbitmqUri();
        if (broker != null) {
            long[] hop = BrokerHopScenario.measure(broker, PER_SECOND, COUNT / 2);
            figures.add(new Figure("broker's own p50", Figures.percentile(hop, 0.5) / 1e6, "ms"));
            figures.add(new Figure("broker's own p99", Figures.percentile(hop, 0.99) / 1e6, "ms"));
        }
        return figures;
    }

    /** The lateness of this many second attempts, in nanoseconds. */
    static long[] measure(Bench bench, int count) throws IOException {
        List<String> merchants = bench.merchants(20, "fail1", 0);
        Arrivals arrivals = bench.sink().note(count);
        long begun = System.nanoTime();
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications")) {
            for (int i = 0; i < count; i++) {
                long at = begun + i * 1_000_000_000L / PER_SECOND;
                while (System.nanoTime() < at) {
                    Bench.pause(Duration.ofNanos(Math.max(1, at - System.nanoTime())));
                }
                String one = Bench.notification(merchants.get(i % merchants.size()), i, "");
                Bench.expect(202, wire.exchange(one.getBytes(StandardCharsets.UTF_8)));
            }
        }
        Bench.await("second attempts arrive", Duration.ofMinutes(1), () -> arrivals.count.sum() == 2L * count);
        return IntStream.range(0, count)
                .mapToLong(i -> arrivals.second[i] - arrivals.first[i] - WAIT_NANOS)
                .toArray();
    }
}
