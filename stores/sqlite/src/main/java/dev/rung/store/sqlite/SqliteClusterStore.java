package dev.rung.store.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.ClusterStore;
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
            INSERT INTO merchant_throttle (merchant_id, throttled_until) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET throttled_until = max(throttled_until, excluded.throttled_until)""";
    private static final String OVER = "DELETE FROM merchant_throttle WHERE throttled_until <= ?";
    private static final String THROTTLED = "SELECT merchant_id, throttled_until FROM merchant_throttle";

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
    public void throttle(MerchantId merchant, long until) {
        database.write(tx -> tx.session.update(THROTTLE, merchant.value(), until));
    }

    @Override
    public Map<MerchantId, Long> throttled(long now) {
        Map<MerchantId, Long> until = new HashMap<>();
        boolean isOver = false;
        for (Throttle throttle : database.read(session -> session.list(
                THROTTLED,
                r -> new Throttle(new MerchantId(r.getLong("merchant_id")), r.getLong("throttled_until"))))) {
            if (throttle.until > now) {
                until.put(throttle.merchant, throttle.until);
            } else {
                isOver = true;
            }
        }
        if (isOver) {
            database.write(tx -> tx.session.update(OVER, now));
        }
        return until;
    }

    private record Throttle(MerchantId merchant, long until) {}
}
