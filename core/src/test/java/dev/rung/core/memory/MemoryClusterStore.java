package dev.rung.core.memory;

import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.ClusterStore;
import java.util.HashMap;
import java.util.Map;

/** An in-memory cluster store. Thread-safe. */
public final class MemoryClusterStore implements ClusterStore {
    private final Map<Long, Long> servers = new HashMap<>();
    private final Map<ReceiverId, Long> throttled = new HashMap<>();

    @Override
    public synchronized int heartbeat(long server, long now, long since) {
        servers.put(server, now);
        servers.values().removeIf(seen -> seen < since);
        return servers.size();
    }

    @Override
    public synchronized void leave(long server) {
        servers.remove(server);
    }

    @Override
    public synchronized void throttle(ReceiverId merchant, long until) {
        throttled.merge(merchant, until, Math::max);
    }

    @Override
    public synchronized Map<ReceiverId, Long> throttled(long now) {
        throttled.values().removeIf(until -> until <= now);
        return Map.copyOf(throttled);
    }
}
