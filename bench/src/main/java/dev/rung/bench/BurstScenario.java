package dev.rung.bench;

import dev.rung.bench.Sink.Arrivals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Many notifications due at the same moment. */
final class BurstScenario implements Scenario {
    private static final int COUNT = 100_000;
    private static final int MERCHANTS = 20;
    private static final Duration AHEAD = Duration.ofSeconds(45);

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public String what() {
        return COUNT + " due at the same moment, for " + MERCHANTS
                + " merchants: time from that moment to the last receipt";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> merchants = bench.merchants(MERCHANTS, "ok", 0);
        Arrivals arrivals = bench.sink().note(COUNT);
        Instant due = Instant.now().plus(AHEAD);
        bench.fill(merchants, COUNT, Bench.at(due));
        long ahead = Duration.between(Instant.now(), due).toNanos();
        if (ahead < 0) {
            throw new IllegalStateException("accepting " + COUNT + " took longer than " + AHEAD.toSeconds() + " s");
        }
        long dueAt = System.nanoTime() + ahead;
        Bench.await("the burst is delivered", AHEAD.plusSeconds(120), () -> arrivals.count.sum() == COUNT);
        long last = Arrays.stream(arrivals.first).max().orElse(0);
        return List.of(new Figure("last receipt", (last - dueAt) / 1e9, "s"));
    }
}
