package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Ladder;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayQueuesTest {
    /** What a hop takes beyond its delay: publishing, expiring, arriving. */
    private static final long HOP_MILLIS = 10;

    private final DelayQueues delays = DelayQueues.standard();

    /** Hops until what is left is waited for in the process; fails if a hop would be late. */
    private int hops(long wait) {
        long left = wait;
        int hops = 0;
        for (int delay = delays.next(left); delay > 0; delay = delays.next(left)) {
            assertThat((long) delay).isLessThanOrEqualTo(left);
            left = Math.max(0, left - delay - HOP_MILLIS);
            hops++;
        }
        assertThat(left).isLessThan(DelayQueues.SMALLEST_MILLIS);
        return hops;
    }

    @Test
    void everyStepOfEveryPresetWithinTheHorizonTakesOneHop() {
        List<Duration> steps = Ladder.presets().values().stream()
                .flatMap(ladder -> ladder.steps().stream())
                .filter(step -> step.compareTo(DelayQueues.HORIZON) <= 0)
                .toList();
        assertThat(steps).hasSizeGreaterThan(20);
        for (Duration step : steps) {
            // The settlement before it took something, at the most the lead.
            assertThat(hops(step.toMillis() - 1)).as("%s", step).isEqualTo(1);
            assertThat(hops(step.toMillis() - 200)).as("%s", step).isEqualTo(1);
        }
    }

    @Test
    void anyWaitWithinTheHorizonTakesAFewHops() {
        List<Integer> hops = LongStream.iterate(500, wait -> wait <= 900_000, wait -> wait + 1_237)
                .mapToObj(this::hops)
                .toList();
        assertThat(hops).allSatisfy(each -> assertThat(each).isBetween(1, 6));
        assertThat(hops.stream().mapToInt(Integer::intValue).average().orElseThrow())
                .isLessThan(4);
    }

    @Test
    void whatIsBroughtNearFromTheStoreTakesAFewHops() {
        assertThat(IntStream.range(0, 100)
                        .map(i -> hops(890_000 + i * 100L))
                        .average()
                        .orElseThrow())
                .isLessThan(3.5);
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 0, 1, 250, 499})
    void whatIsNearlyDueIsWaitedForInTheProcess(long wait) {
        assertThat(delays.next(wait)).isZero();
    }

    @Test
    void aNamedLaddersStepsGetQueuesOfTheirOwn() {
        assertThat(hops(97_000)).isGreaterThan(1);
        assertThat(delays.add(List.of(Duration.ofSeconds(97), Duration.ofHours(1), Duration.ofSeconds(1))))
                .isTrue();
        assertThat(hops(97_000)).as("not before it is declared").isGreaterThan(1);

        delays.use(delays.wanted());

        assertThat(hops(97_000)).isEqualTo(1);
        assertThat(delays.add(List.of(Duration.ofSeconds(97)))).isFalse();
    }

    @Test
    void thereAreNeverMoreQueuesThanTheBound() {
        delays.add(IntStream.range(100, 500).mapToObj(Duration::ofSeconds).toList());
        assertThat(delays.wanted()).hasSize(DelayQueues.MAX).isSorted();
    }
}
