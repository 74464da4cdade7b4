package dev.rung.core.memory;

import dev.rung.core.port.ClusterEvents;
import dev.rung.core.port.ClusterEventsContract;
import java.util.function.Consumer;

class MemoryClusterTest extends ClusterEventsContract {
    private final MemoryCluster cluster = new MemoryCluster();

    @Override
    protected ClusterEvents open(Consumer<byte[]> listener) {
        return cluster.join(listener);
    }
}
