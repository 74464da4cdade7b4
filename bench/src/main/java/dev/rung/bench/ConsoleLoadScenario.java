package dev.rung.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What people who watch cost those who are served. */
final class ConsoleLoadScenario implements Scenario {
    private static final int OPEN = 5;
    private static final Duration NEWS_WITHIN = Duration.ofSeconds(10);

    private final ThroughputScenario throughput = new ThroughputScenario(false);
    private boolean warm;
    private boolean openFirst;

    @Override
    public String name() {
        return "consoles";
    }

    @Override
    public String what() {
        return "throughput while " + OPEN
                + " people open the overview and leave it open, against none; in turns, take --runs 5";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        List<String> merchants = bench.merchants(ThroughputScenario.MERCHANTS, "ok", 0);
        if (!warm) {
            throughput.produce(bench, merchants, bench.setup().warmUp());
            watched(bench, merchants, Duration.ofSeconds(2));
            warm = true;
        }
        Duration window = bench.setup().window();
        double none;
        double open;
        // Whichever comes second has more to its disadvantage stored: they take turns.
        if (openFirst) {
            open = watched(bench, merchants, window);
            none = throughput.produce(bench, merchants, window);
        } else {
            none = throughput.produce(bench, merchants, window);
            open = watched(bench, merchants, window);
        }
        openFirst = !openFirst;
        return List.of(
                new Figure("delivered, no console", none, "/s"),
                new Figure("delivered, " + OPEN + " consoles", open, "/s"),
                new Figure("ratio", open / none * 100, "%"));
    }

    private double watched(Bench bench, List<String> merchants, Duration window) throws IOException {
        List<ConsoleUser> people = new ArrayList<>();
        try {
            for (int i = 0; i < OPEN; i++) {
                people.add(new ConsoleUser(bench.server().address(), Bench.API_KEY));
            }
            List<ConsoleUser.Watch> watches =
                    people.stream().map(ConsoleUser::watch).toList();
            double rate = throughput.produce(bench, merchants, window);
            // A console that broke meanwhile would have cost nothing.
            long[] seen = watches.stream().mapToLong(ConsoleUser.Watch::bytes).toArray();
            for (int i = 0; i < OPEN; i++) {
                ConsoleUser.Watch watch = watches.get(i);
                long before = seen[i];
                Bench.await(
                        "an open console shows something new",
                        NEWS_WITHIN,
                        () -> watch.isOpen() && watch.bytes() > before);
            }
            return rate;
        } finally {
            people.forEach(ConsoleUser::close);
        }
    }
}
