package dev.rung.store.mysql;

import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.ClusterStore;
import dev.rung.store.common.ReceiverRows;
import java.util.HashMap;
import java.util.Map;

/** Servers and waits in MySQL or MariaDB. Thread-safe. */
final class MySqlClusterStore implements ClusterStore {
    private static final String SEEN = """
            INSERT INTO server (id, seen_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at)
            """;
    private static final String ALIVE = "SELECT count(*) FROM server WHERE seen_at >= ?";
    private static final String FORGET = "DELETE FROM server WHERE seen_at < ?";
    private static final String THROTTLE = """
            INSERT INTO receiver_throttle (merchant_id, endpoint_id, throttled_until) VALUES (?, ?, ?)
            ON DUPLICATE KEY UPDATE throttled_until = greatest(throttled_until, VALUES(throttled_until))
            """;
    private static final String THROTTLED = "SELECT merchant_id, endpoint_id, throttled_until FROM receiver_throttle";
    private static final String OVER = "DELETE FROM receiver_throttle WHERE throttled_until <= ?";

    private final MySqlDatabase database;

    MySqlClusterStore(MySqlDatabase database) {
        this.database = database;
    }

    @Override
    public int heartbeat(long server, long now, long since) {
        database.change(SEEN, p -> p.number(server).number(now));
        database.change(FORGET, p -> p.number(since));
        return database.rows(ALIVE, p -> p.number(since), row -> row.getInt(1)).getFirst();
    }

    @Override
    public void leave(long server) {
        database.change("DELETE FROM server WHERE id = ?", p -> p.number(server));
    }

    @Override
    public void throttle(ReceiverId receiver, long until) {
        database.change(
                THROTTLE,
                p -> p.number(receiver.merchant().value())
                        .number(receiver.endpointCode())
                        .number(until));
    }

    @Override
    public Map<ReceiverId, Long> throttled(long now) {
        Map<ReceiverId, Long> until = new HashMap<>();
        boolean[] isOver = new boolean[1];
        database.rows(THROTTLED, p -> {}, row -> {
            long time = row.getLong("throttled_until");
            if (time > now) {
                until.put(ReceiverRows.receiver(row), time);
            } else {
                isOver[0] = true;
            }
            return time;
        });
        if (isOver[0]) {
            database.change(OVER, p -> p.number(now));
        }
        return until;
    }
}
