package dev.rung.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The cost of open consoles: throughput with and without them. */
final class ConsoleLoadScenario implements Scenario {
    private static final int OPEN = 5;
    private static final Duration NEWS_WITHIN = Duration.ofSeconds(10);

    private boolean warm;
    private boolean openFirst;

    @Override
    public String name() {
        return "consoles";
    }

    @Override
    public String what() {
        return "throughput with " + OPEN + " open consoles, against none, alternating; use --runs 5";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        Load load =
                new Load(bench, bench.merchants(ThroughputScenario.MERCHANTS, "ok", 0), ThroughputScenario.BATCH, 1);
        if (!warm) {
            load.run(bench.setup().warmUp());
            watched(bench, load, Duration.ofSeconds(2));
            warm = true;
        }
        Duration window = bench.setup().window();
        double none;
        double open;
        // The second measurement has more stored rows, which slows it down, so the order alternates.
        if (openFirst) {
            open = watched(bench, load, window);
            none = load.run(window).rate();
        } else {
            none = load.run(window).rate();
            open = watched(bench, load, window);
        }
        openFirst = !openFirst;
        return List.of(
                new Figure("delivered, no consoles", none, "/s"),
                new Figure("delivered, " + OPEN + " consoles", open, "/s"),
                new Figure("ratio", open / none * 100, "%"));
    }

    private double watched(Bench bench, Load load, Duration window) throws IOException {
        List<ConsoleUser> people = new ArrayList<>();
        try {
            for (int i = 0; i < OPEN; i++) {
                people.add(new ConsoleUser(bench.server().address(), Bench.API_KEY));
            }
            List<ConsoleUser.Watch> watches =
                    people.stream().map(ConsoleUser::watch).toList();
            double rate = load.run(window).rate();
            // A console whose stream broke would have cost nothing.
            long[] seen = watches.stream().mapToLong(ConsoleUser.Watch::bytes).toArray();
            for (int i = 0; i < OPEN; i++) {
                ConsoleUser.Watch watch = watches.get(i);
                long before = seen[i];
                Bench.await("an open console is updated", NEWS_WITHIN, () -> watch.isOpen() && watch.bytes() > before);
            }
            return rate;
        } finally {
            people.forEach(ConsoleUser::close);
        }
    }
}
