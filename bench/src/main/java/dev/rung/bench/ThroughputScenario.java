package dev.rung.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Throughput from acceptance to delivery under full load. */
final class ThroughputScenario implements Scenario {
    static final int MERCHANTS = 20;
    static final int BATCH = 500;

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
        Load load = new Load(bench, bench.merchants(MERCHANTS, "ok", 0), singly ? 1 : BATCH, 1);
        if (!warm) {
            load.run(bench.setup().warmUp());
            warm = true;
        }
        CpuTimes before = CpuTimes.of(bench);
        Load.Result result = load.run(bench.setup().window());
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("delivered", result.rate(), "/s"));
        figures.addAll(CpuTimes.of(bench).since(before, result.delivered()));
        figures.add(new Figure("extra requests", result.extraRequests(), ""));
        return figures;
    }
}
