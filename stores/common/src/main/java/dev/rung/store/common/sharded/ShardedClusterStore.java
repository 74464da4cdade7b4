package dev.rung.store.common.sharded;

import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.ClusterStore;
import java.util.HashMap;
import java.util.Map;

/** Servers belong to no merchant; the receivers that asked to wait are in the shards of their merchants. */
final class ShardedClusterStore implements ClusterStore {
    private final Shards shards;

    ShardedClusterStore(Shards shards) {
        this.shards = shards;
    }

    @Override
    public int heartbeat(long server, long now, long since) {
        return shards.global().cluster().heartbeat(server, now, since);
    }

    @Override
    public void leave(long server) {
        shards.global().cluster().leave(server);
    }

    @Override
    public void throttle(ReceiverId receiver, long until) {
        shards.of(receiver.merchant()).cluster().throttle(receiver, until);
    }

    @Override
    public Map<ReceiverId, Long> throttled(long now) {
        Map<ReceiverId, Long> until = new HashMap<>();
        shards.all().forEach(shard -> until.putAll(shard.cluster().throttled(now)));
        return until;
    }
}
