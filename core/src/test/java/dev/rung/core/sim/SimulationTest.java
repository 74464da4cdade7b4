package dev.rung.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs of 24 simulated hours. A failing run prints its seed; {@code -Drung.seed=N} replays it alone with a trace,
 * {@code -Drung.seeds=N} runs more seeds.
 */
class SimulationTest {
    private static final int SEEDS = 48;

    private static List<Simulation.Result> failures(LongStream seeds, Map<String, Integer> counts) {
        return seeds.parallel()
                .mapToObj(seed -> Simulation.run(Scenario.of(seed), false))
                .peek(result -> {
                    synchronized (counts) {
                        result.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
                    }
                })
                .filter(result -> result.violation() != null)
                .toList();
    }

    private static String describe(Simulation.Result failure) {
        return "seed " + failure.scenario().seed() + ": " + failure.violation() + "\n  in " + failure.scenario()
                + "\n  replay it with -Dtest=SimulationTest -Drung.seed="
                + failure.scenario().seed();
    }

    @Test
    void withoutTheSweeperPromisesAreBroken() {
        for (long seed : new long[] {1, 9, 17}) {
            Scenario wakesAreLost = Scenario.of(seed);
            assertThat(wakesAreLost.faultProfile()).isEqualTo(Scenario.FaultProfile.LOSSY);
            assertThat(Simulation.run(wakesAreLost, false).violation()).isNull();
            assertThat(Simulation.run(wakesAreLost.withoutSweeper(), false).violation())
                    .as("seed %d without a sweeper", seed)
                    .contains("is never settled: ");
        }
    }

    @Test
    void aSeedReplaysItsHistory() {
        Simulation.Result first = Simulation.run(Scenario.of(3), true);
        Simulation.Result second = Simulation.run(Scenario.of(3), true);
        assertThat(first.trace()).hasSizeGreaterThan(5_000).isEqualTo(second.trace());
        assertThat(first.counts()).isEqualTo(second.counts());
    }

    @Test
    void noHistoryBreaksAPromise() {
        Long one = Long.getLong("rung.seed");
        if (one != null) {
            Simulation.Result replay = Simulation.run(Scenario.of(one), true);
            replay.trace().forEach(System.out::println);
            System.out.println(replay.counts());
            assertThat(replay.violation())
                    .as("seed %d in %s", one, replay.scenario())
                    .isNull();
            return;
        }
        Map<String, Integer> counts = new TreeMap<>();
        List<String> failures =
                failures(LongStream.range(0, Math.max(SEEDS, Integer.getInteger("rung.seeds", 0))), counts).stream()
                        .map(SimulationTest::describe)
                        .toList();
        assertThat(failures).isEmpty();
        assertThat(counts)
                .as("what a simulation must have seen to be worth its name")
                .containsKeys(
                        "accepted",
                        "cut off",
                        "parked HELD_BY_BULKHEAD",
                        "parked HELD_BY_ORDER",
                        "purged",
                        "re-armed FORGOTTEN",
                        "re-armed OVERDUE",
                        "re-armed REDELIVERED",
                        "re-armed UNCONFIRMED",
                        "re-armed UNROUTED",
                        "resent",
                        "stale wakes",
                        "superseded",
                        "the store is away",
                        "wakes lost",
                        "wakes repeated");
    }
}
