package dev.rung.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** 100,000 merchants with two endpoints each: start, memory, and the time of intake for merchants in no order. */
final class ManyMerchantsScenario implements Scenario {
    private static final int MERCHANTS = 100_000;
    private static final int ENDPOINTS = 2;
    /** Loopback addresses that the receivers share. */
    private static final int HOSTS = 50_000;

    private static final int CALLERS = 16;
    private static final int PER_SECOND = 300;
    private static final int WARM_UP = 3_000;
    private static final int SAMPLES = 6_000;

    private final Random random = new Random(1);

    @Override
    public String name() {
        return "merchants";
    }

    @Override
    public String what() {
        return MERCHANTS + " merchants with " + ENDPOINTS
                + " endpoints each: start to ready, heap used, and one request" + " per notification at " + PER_SECOND
                + "/s for merchants in no order, " + SAMPLES + " samples";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        bench.server();
        List<String> merchants = create(bench);
        bench.stopServer();
        ServerProcess again = bench.startServer(List.of());
        measure(bench, merchants, WARM_UP);
        long[] took = measure(bench, merchants, SAMPLES);
        return List.of(
                new Figure("start to ready", again.startToReady().toMillis() / 1000.0, "s"),
                new Figure("heap used", bench.heapMegabytes(), "MB"),
                new Figure("intake p50", Figures.percentile(took, 0.5) / 1e6, "ms"),
                new Figure("intake p99", Figures.percentile(took, 0.99) / 1e6, "ms"));
    }

    private static List<String> create(Bench bench) {
        List<String> merchants = Collections.synchronizedList(new ArrayList<>());
        Bench.inParallel(CALLERS, number -> {
            try (BenchHttp wire = bench.wire("POST", "/v1/merchants")) {
                for (int i = number; i < MERCHANTS; i += CALLERS) {
                    String merchant = bench.merchant(wire, "");
                    for (int k = 0; k < ENDPOINTS; k++) {
                        bench.endpoint(wire, merchant, bench.sink().url((i * ENDPOINTS + k) % HOSTS, "ok"));
                    }
                    merchants.add(merchant);
                }
            }
        });
        return List.copyOf(merchants);
    }

    /** How long each request took since it was due, in nanoseconds. */
    private long[] measure(Bench bench, List<String> merchants, int samples) throws IOException {
        long[] took = new long[samples];
        long begun = System.nanoTime();
        try (BenchHttp wire = bench.wire("POST", "/v1/notifications")) {
            for (int i = 0; i < samples; i++) {
                long due = begun + i * 1_000_000_000L / PER_SECOND;
                while (System.nanoTime() < due) {
                    Bench.pause(Duration.ofNanos(Math.max(1, due - System.nanoTime())));
                }
                String merchant = merchants.get(random.nextInt(merchants.size()));
                byte[] body = Bench.notification(merchant, i, "").getBytes(StandardCharsets.UTF_8);
                BenchHttp.Answer answer = wire.exchange(body);
                took[i] = System.nanoTime() - due;
                Bench.expect(202, answer);
            }
        }
        Arrays.sort(took);
        return took;
    }
}
