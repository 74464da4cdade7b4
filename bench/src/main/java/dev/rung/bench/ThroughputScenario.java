package dev.rung.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Throughput from acceptance to delivery under full load, with a limited backlog, so that the steady state is measured.
 */
final class ThroughputScenario implements Scenario {
    static final int MERCHANTS = 20;
    /** Maximum number of accepted, undelivered notifications. */
    private static final int BACKLOG_MAX = 10_000;

    private static final int BATCH = 500;
    /** Time for a request that was not expected to arrive. */
    private static final Duration EXTRA_REQUESTS_WITHIN = Duration.ofMillis(500);

    private static final long STALL_NANOS = 60_000_000_000L;

    private final boolean singly;
    private boolean warm;

    ThroughputScenario(boolean singly) {
        this.singly = singly;
    }

    @Override
    public String name() {
        return singly ? "singles" : "throughput";
    }

    @Override
    public String what() {
        return "accepted → delivered, 1 KB payloads, " + MERCHANTS + " merchants, "
                + (singly ? "one HTTP request per notification, 64 connections" : "batches of " + BATCH);
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> merchants = bench.merchants(MERCHANTS, "ok", 0);
        if (!warm) {
            produce(bench, merchants, bench.setup().warmUp());
            warm = true;
        }
        CpuTimes before = CpuTimes.of(bench);
        Load load = produce(bench, merchants, bench.setup().window());
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("delivered", load.rate, "/s"));
        figures.addAll(CpuTimes.of(bench).since(before, load.accepted));
        figures.add(new Figure("extra requests", load.extraRequests, ""));
        return figures;
    }

    /**
     * What a load has shown.
     *
     * @param rate deliveries per second
     * @param extraRequests requests beyond one for each notification
     */
    record Load(long rate, long accepted, long extraRequests) {}

    /** Produces load for this long, and waits until all of it is delivered. */
    Load produce(Bench bench, List<String> merchants, Duration time) throws IOException {
        AtomicLong sent = new AtomicLong();
        long before = bench.sink().received();
        long begun = System.nanoTime();
        long until = begun + time.toNanos();
        String path = singly ? "/v1/notifications" : "/v1/notifications/batch";
        long[] rate = new long[1];
        Bench.inParallel(singly ? 64 : 4, number -> {
            try (BenchHttp wire = bench.wire("POST", path)) {
                while (System.nanoTime() < until) {
                    long from = sent.getAndAdd(singly ? 1 : BATCH);
                    while (from - (bench.sink().received() - before) > BACKLOG_MAX) {
                        if (System.nanoTime() > until + STALL_NANOS) {
                            throw new IllegalStateException("deliveries have stalled");
                        }
                        Bench.pause(Duration.ofMillis(1));
                    }
                    if (singly) {
                        String one = Bench.notification(merchants.get((int) (from % MERCHANTS)), from, "");
                        Bench.expect(202, wire.exchange(one.getBytes(StandardCharsets.UTF_8)));
                    } else {
                        Bench.expect(200, wire.exchange(Bench.batch(merchants, from, BATCH, "")));
                    }
                }
            }
            if (number == 0) {
                rate[0] = (bench.sink().received() - before) * 1_000_000_000L / (System.nanoTime() - begun);
            }
        });
        Bench.await(
                "everything accepted is delivered",
                Duration.ofMinutes(1),
                () -> bench.sink().received() - before >= sent.get());
        Bench.pause(EXTRA_REQUESTS_WITHIN);
        return new Load(rate[0], sent.get(), bench.sink().received() - before - sent.get());
    }
}
