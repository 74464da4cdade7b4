package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Items submitted at the same time are processed together; a failing item fails alone. */
class BatcherTest {
    private static final int BATCH_MAX = 5;

    private final ArrayDeque<Runnable> lanes = new ArrayDeque<>();
    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<Integer> done = new ArrayList<>();
    private final List<Integer> failed = new ArrayList<>();
    private final List<RuntimeException> defects = new ArrayList<>();
    private Function<List<Integer>, List<Integer>> work = items -> items;
    private boolean ended;

    private final Batcher<Integer, Integer> batcher = new Batcher<>(
            BATCH_MAX,
            1,
            lane -> {
                if (ended) {
                    throw new RejectedExecutionException("ended");
                }
                lanes.add(lane);
            },
            items -> {
                batches.add(items);
                return work.apply(items);
            },
            defects::add);

    private void submit(int... items) {
        for (int item : items) {
            batcher.submit(item, new Batcher.Done<>() {
                @Override
                public void succeeded(Integer result) {
                    done.add(result);
                    if (result == 13) {
                        throw new IllegalStateException("a listener must not throw");
                    }
                }

                @Override
                public void failed(RuntimeException cause) {
                    failed.add(item);
                }
            });
        }
    }

    private void run() {
        for (Runnable lane = lanes.poll(); lane != null; lane = lanes.poll()) {
            lane.run();
        }
    }

    @Test
    void whatHasGatheredIsDoneTogetherUpToABound() {
        submit(1, 2, 3, 4, 5, 6);
        run();
        submit(7);
        run();
        assertThat(batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6), List.of(7));
        assertThat(done).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void oneBadItemDoesNotFailTheOthers() {
        work = items -> {
            if (items.contains(2)) {
                throw new IllegalArgumentException("2 is bad");
            }
            return items;
        };
        submit(1, 2, 3);
        run();
        assertThat(done).containsExactly(1, 3);
        assertThat(failed).containsExactly(2);
    }

    @Test
    void whereNothingWorksTheRestIsNotTried() {
        work = items -> {
            throw new IllegalStateException("nothing works");
        };
        submit(1, 2, 3, 4, 5);
        run();
        assertThat(batches).as("all together, then three by themselves").hasSize(4);
        assertThat(failed).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void workThatAnswersTooLittleHasFailedAndDoesNotStopTheNext() {
        work = items -> List.of();
        submit(1, 2);
        run();
        work = items -> items;
        submit(3);
        run();
        assertThat(failed).containsExactly(1, 2);
        assertThat(done).containsExactly(3);
    }

    /** All lanes, because no item may wait for a lane that never runs. */
    @Test
    void whatComesAfterTheEndFailsAtOnce() {
        ended = true;
        submit(1, 2, 3);
        assertThat(failed).containsExactly(1, 2, 3);
        assertThat(defects).isEmpty();
    }

    @Test
    void aListenerThatThrowsIsReportedAndHarmsNothingElse() {
        submit(12, 13, 14);
        run();
        assertThat(done).containsExactly(12, 13, 14);
        assertThat(defects).hasSize(1);
    }
}
