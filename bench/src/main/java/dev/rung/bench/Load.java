package dev.rung.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Submits notifications as fast as they are delivered, with a limited backlog, so that the steady state is measured.
 *
 * @param merchants take turns
 * @param perRequest 1: single requests; otherwise batches of this size
 * @param receivers of each notification
 */
record Load(Bench bench, List<String> merchants, int perRequest, int receivers) {
    /** Maximum number of expected requests to the merchants. */
    private static final int BACKLOG_MAX = 10_000;

    private static final long STALL_NANOS = 60_000_000_000L;
    /** Time for a request that was not expected to arrive. */
    private static final Duration EXTRA_REQUESTS_WITHIN = Duration.ofMillis(500);

    /**
     * The result.
     *
     * @param rate requests to the merchants, per second
     * @param delivered requests to the merchants that were expected
     * @param extraRequests requests beyond those
     */
    record Result(long rate, long delivered, long extraRequests) {}

    /** Submits for this long, and waits until all of it is delivered. */
    Result run(Duration time) throws IOException {
        AtomicLong sent = new AtomicLong();
        long before = bench.sink().received();
        long begun = System.nanoTime();
        long until = begun + time.toNanos();
        boolean singly = perRequest == 1;
        long[] rate = new long[1];
        Bench.inParallel(singly ? 64 : 4, number -> {
            try (BenchHttp wire = bench.wire("POST", singly ? "/v1/notifications" : "/v1/notifications/batch")) {
                while (System.nanoTime() < until) {
                    long from = sent.getAndAdd(perRequest);
                    while (from * receivers - (bench.sink().received() - before) > BACKLOG_MAX) {
                        if (System.nanoTime() > until + STALL_NANOS) {
                            throw new IllegalStateException("deliveries have stalled");
                        }
                        Bench.pause(Duration.ofMillis(1));
                    }
                    if (singly) {
                        String one = Bench.notification(merchants.get((int) (from % merchants.size())), from, "");
                        Bench.expect(202, wire.exchange(one.getBytes(StandardCharsets.UTF_8)));
                    } else {
                        Bench.expect(200, wire.exchange(Bench.batch(merchants, from, perRequest, "")));
                    }
                }
            }
            if (number == 0) {
                rate[0] = (bench.sink().received() - before) * 1_000_000_000L / (System.nanoTime() - begun);
            }
        });
        long expected = sent.get() * receivers;
        Bench.await(
                "everything accepted is delivered",
                Duration.ofMinutes(1),
                () -> bench.sink().received() - before >= expected);
        Bench.pause(EXTRA_REQUESTS_WITHIN);
        return new Result(rate[0], expected, bench.sink().received() - before - expected);
    }
}
