package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryClusterStore;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.ReceiverId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of a merchant hold for two servers together. */
class ClusterLimitsTest {
    private final ManualRuntime time = new ManualRuntime();
    private final MemoryClusterStore store = new MemoryClusterStore();
    private final Bulkheads one = new Bulkheads(time.clock, 100);
    private final Bulkheads two = new Bulkheads(time.clock, 100);
    private final ClusterLimits first = new ClusterLimits(store, time.runtime, one, true, 1);
    private final ClusterLimits second = new ClusterLimits(store, time.runtime, two, true, 2);

    @Test
    void aWaitThatOneServerWasAskedForHoldsOnTheOther() {
        first.throttled(ReceiverId.own(ACTIVE), time.now() + 9_000);
        second.refresh();
        Bulkheads.BulkheadActions held = two.holding(List.of(BulkheadKey.own(ACTIVE)));
        assertThat(held.unpark()).isEmpty();
        assertThat(held.timers()).hasSize(1);
    }

    @Test
    void eachServerTakesItsShareOfARate() {
        first.refresh();
        second.refresh();
        first.refresh();
        assertThat(one.servers()).isEqualTo(2);
        assertThat(two.servers()).isEqualTo(2);
        second.leave();
        first.refresh();
        assertThat(one.servers()).isEqualTo(1);
    }

    @Test
    void theShareOfAServerThatDiedIsTakenByTheOthers() {
        second.refresh();
        time.pass(Duration.ofSeconds(4));
        first.refresh();
        assertThat(one.servers()).isEqualTo(2);
        time.pass(Duration.ofMillis(1_001));
        first.refresh();
        assertThat(one.servers()).isEqualTo(1);
    }
}
