package dev.rung.store.sqlite;

import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.ClusterStore;
import dev.rung.store.common.ReceiverRows;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Servers and waits in SQLite. Thread-safe. */
final class SqliteClusterStore implements ClusterStore {
    private static final String SEEN =
            "INSERT INTO server (id, seen_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at";
    private static final String FORGET = "DELETE FROM server WHERE seen_at < ?";
    private static final String COUNT = "SELECT count(*) FROM server";
    private static final String LEAVE = "DELETE FROM server WHERE id = ?";
    private static final String THROTTLE = """
            INSERT INTO receiver_throttle (merchant_id, endpoint_id, throttled_until) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET throttled_until = max(throttled_until, excluded.throttled_until)""";
    private static final String OVER = "DELETE FROM receiver_throttle WHERE throttled_until <= ?";
    private static final String THROTTLED = "SELECT merchant_id, endpoint_id, throttled_until FROM receiver_throttle";

    private final SqliteDatabase database;

    SqliteClusterStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public int heartbeat(long server, long now, long since) {
        return database.write(tx -> {
            tx.session.update(SEEN, server, now);
            tx.session.update(FORGET, since);
            return Objects.requireNonNull(tx.session.first(COUNT, r -> r.getInt(1)));
        });
    }

    @Override
    public void leave(long server) {
        database.write(tx -> tx.session.update(LEAVE, server));
    }

    @Override
    public void throttle(ReceiverId receiver, long until) {
        database.write(tx -> tx.session.update(THROTTLE, receiver.merchant().value(), receiver.endpointCode(), until));
    }

    @Override
    public Map<ReceiverId, Long> throttled(long now) {
        Map<ReceiverId, Long> until = new HashMap<>();
        boolean isOver = false;
        for (Throttle throttle : database.read(session ->
                session.list(THROTTLED, r -> new Throttle(ReceiverRows.receiver(r), r.getLong("throttled_until"))))) {
            if (throttle.until > now) {
                until.put(throttle.receiver, throttle.until);
            } else {
                isOver = true;
            }
        }
        if (isOver) {
            database.write(tx -> tx.session.update(OVER, now));
        }
        return until;
    }

    private record Throttle(ReceiverId receiver, long until) {}
}
