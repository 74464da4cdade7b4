package dev.rung.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Notifications that go to every endpoint of a merchant, against as many notifications with one receiver each. */
final class FanOutScenario implements Scenario {
    private static final int ENDPOINTS = 10;
    private static final int MERCHANTS = 20;
    private static final int BATCH = 500;

    private boolean warm;
    private boolean fanOutFirst;

    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public String what() {
        return "notifications to " + ENDPOINTS + " endpoints each, against single ones, alternating";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> ones = bench.merchants(MERCHANTS * ENDPOINTS, "ok", 0);
        List<String> many = new ArrayList<>();
        try (BenchHttp wire = bench.wire("POST", "/v1/merchants")) {
            for (int i = 0; i < MERCHANTS; i++) {
                String merchant = bench.merchant(wire, "");
                for (int k = 0; k < ENDPOINTS; k++) {
                    bench.endpoint(wire, merchant, bench.sink().url(i * ENDPOINTS + k, "ok"));
                }
                many.add(merchant);
            }
        }
        Load single = new Load(bench, ones, BATCH, 1);
        Load fanOut = new Load(bench, many, BATCH / ENDPOINTS, ENDPOINTS);
        if (!warm) {
            Duration half = bench.setup().warmUp().dividedBy(2);
            single.run(half);
            fanOut.run(half);
            warm = true;
        }
        double each;
        double all;
        // The second measurement has more stored rows, so the order alternates.
        if (fanOutFirst) {
            all = fanOut.run(bench.setup().window()).rate();
            each = single.run(bench.setup().window()).rate();
        } else {
            each = single.run(bench.setup().window()).rate();
            all = fanOut.run(bench.setup().window()).rate();
        }
        fanOutFirst = !fanOutFirst;
        return List.of(
                new Figure("one receiver each", each, "/s"),
                new Figure(ENDPOINTS + " endpoints each", all, "/s"),
                new Figure("ratio", all / each * 100, "%"));
    }
}
