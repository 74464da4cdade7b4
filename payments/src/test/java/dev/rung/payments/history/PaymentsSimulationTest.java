package dev.rung.payments.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.sim.Scenario;
import dev.rung.core.sim.Simulation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The engine's simulation of 24 hours, with payments in every server. A failing run prints its seed; {@code
 * -Drung.seed=N} replays it alone with a trace, {@code -Drung.seeds=N} runs more seeds.
 */
class PaymentsSimulationTest {
    private static final int SEEDS = 16;
    private static final int NOTIFICATIONS = 60;

    private static Simulation.Result live(long seed, boolean tracing, PlantedFault fault) {
        return Simulation.run(
                Scenario.of(seed).withNotifications(NOTIFICATIONS), tracing, new PaymentsExtension(fault));
    }

    @Test
    void everyPaymentEndsAndItsEndIsTold() {
        Long one = Long.getLong("rung.seed");
        if (one != null) {
            Simulation.Result replay = live(one, true, PlantedFault.NONE);
            replay.trace().forEach(System.out::println);
            assertThat(replay.violation())
                    .as("seed %d in %s", one, replay.scenario())
                    .isNull();
            return;
        }
        Map<String, Integer> counts = new TreeMap<>();
        List<String> failures = LongStream.range(0, Math.max(SEEDS, Integer.getInteger("rung.seeds", 0)))
                .parallel()
                .mapToObj(seed -> live(seed, false, PlantedFault.NONE))
                .peek(result -> {
                    synchronized (counts) {
                        result.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
                    }
                })
                .filter(result -> result.violation() != null)
                .map(result ->
                        "seed " + result.scenario().seed() + ": " + result.violation() + "\n  in " + result.scenario()
                                + "\n  replay it with -Dtest=PaymentsSimulationTest -Drung.seed="
                                + result.scenario().seed())
                .toList();
        assertThat(failures).isEmpty();
        assertThat(counts)
                .as("what a simulation must have seen to be worth its name")
                .containsKeys(
                        "callbacks APPLIED",
                        "callbacks UNCHANGED",
                        "callbacks lost",
                        "close: Closed",
                        "close: AlreadyFinal",
                        "parked HELD_BY_BULKHEAD",
                        "payments closed",
                        "payments failed",
                        "payments rescued",
                        "payments succeeded",
                        "re-armed OVERDUE",
                        "the bank is away",
                        "the store is away",
                        "wakes lost");
    }

    @Test
    void aPlantedFaultIsNoticed() {
        assertThat(live(0, false, PlantedFault.ENDS_ARE_NOT_TOLD).violation()).isNotNull();
        assertThat(LongStream.range(4, 40)
                        .mapToObj(seed -> live(seed, false, PlantedFault.NOT_FOUND_IS_FAILED))
                        .filter(result -> result.violation() != null)
                        .findFirst())
                .isPresent();
    }

    @Test
    void aSeedReplaysItsHistory() {
        Simulation.Result first = live(5, true, PlantedFault.NONE);
        Simulation.Result second = live(5, true, PlantedFault.NONE);
        assertThat(first.trace()).hasSizeGreaterThan(3_000).isEqualTo(second.trace());
    }
}
