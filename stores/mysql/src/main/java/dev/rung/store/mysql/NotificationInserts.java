package dev.rung.store.mysql;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EventId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.store.common.IdDrift;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores new notifications within a transaction: their own, or that of the change that causes them. */
final class NotificationInserts {
    private static final String INTO = """
            INSERT INTO notification (id, merchant_id, endpoint_id, event_id, position, created_at, kind, ordered, url, own_url, order_no, event_type, ladder,
                                      ladder_name, idempotency_key, body_digest, traceparent, payload)""";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String DELIVERY_INTO = """
            INSERT INTO delivery (id, merchant_id, endpoint_id, next_attempt_at, wake_number, attempts_made, attempts_max, rung, state, wake_location, kind,
                                  may_repeat, holds_order, position, order_no, ladder_name, channel, urgent, throttled_count)""";
    private static final String DELIVERY_ROW = "(?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, false, ?, ?, ?, ?, ?, ?, 0)";

    private static final String FIRST_OF_KEY =
            "SELECT key_merchant, idempotency_key, id, body_digest FROM notification WHERE ";
    private static final String KEY = "key_merchant = ? AND idempotency_key = ?";

    /** A statement looks up this many keys. */
    private static final int KEYS_MAX = 250;

    /** Inserted in this order, so that two batches wait for each other's keys in one direction. */
    private static final Comparator<NewNotification> BY_KEY = Comparator.comparing(
                    NotificationInserts::key, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(NewNotification::merchantId)
            .thenComparing(NewNotification::id);

    /** How often an insert is repeated if another transaction has just used one of its keys. */
    private static final int ROUNDS_MAX = 20;

    private NotificationInserts() {}

    /** An idempotency key of a merchant. */
    private record Key(long merchant, String key) {
        static @Nullable Key of(NewNotification n) {
            String key = NotificationInserts.key(n);
            return key == null ? null : new Key(n.merchantId().value(), key);
        }
    }

    /** The notification that first used a key. */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by its bytes
    private record First(NotificationId id, byte[] digest) {}

    static List<Acceptance> accept(Connection connection, List<NewNotification> batch) throws SQLException {
        IdDrift drift = IdDrift.of(batch);
        if (drift != null) {
            MySqlDatabase.change(connection, IdDrift.RAISE, p -> p.values(drift.raising()));
        }
        long position = FeedSlots.next(connection);
        if (batch.stream().anyMatch(n -> n.idempotency() != null)) {
            MySqlDatabase.execute(connection, "SAVEPOINT accept");
        }
        for (int round = 1; true; round++) {
            Map<Key, First> firsts = firsts(connection, batch);
            List<NewNotification> fresh = fresh(batch, firsts);
            try {
                MySqlDatabase.insert(
                        connection,
                        INTO,
                        ROW,
                        fresh.stream()
                                .sorted(BY_KEY)
                                .map(n -> notification(n, position))
                                .toList());
            } catch (SQLException e) {
                if (MySqlDatabase.isDuplicate(e) && !MySqlDatabase.isIdTaken(e) && round < ROUNDS_MAX) {
                    // Another transaction has just used one of the keys.
                    MySqlDatabase.execute(connection, "ROLLBACK TO SAVEPOINT accept");
                    continue;
                }
                throw e;
            }
            deliver(connection, fresh, position);
            return batch.stream().map(n -> answer(n, firsts)).toList();
        }
    }

    /** Those whose key is unused, with the further ones of their events; of several with one key in the batch, the first. */
    private static List<NewNotification> fresh(List<NewNotification> batch, Map<Key, First> firsts) {
        List<NewNotification> fresh = new ArrayList<>(batch.size());
        for (NewNotification n : batch) {
            Key key = Key.of(n);
            if (key != null && firsts.containsKey(key)) {
                continue;
            }
            if (key != null) {
                firsts.put(key, new First(n.id(), Objects.requireNonNull(digest(n))));
            }
            fresh.add(n);
            fresh.addAll(n.also());
        }
        return fresh;
    }

    private static Acceptance answer(NewNotification n, Map<Key, First> firsts) {
        Key key = Key.of(n);
        First first = key == null ? null : firsts.get(key);
        if (first == null || first.id.equals(n.id())) {
            return new Acceptance.Stored(n);
        }
        return Arrays.equals(first.digest, digest(n))
                ? new Acceptance.Repeated(first.id)
                : new Acceptance.Conflicting(first.id);
    }

    private static Map<Key, First> firsts(Connection connection, List<NewNotification> batch) throws SQLException {
        List<Key> keys =
                batch.stream().map(Key::of).filter(Objects::nonNull).distinct().toList();
        Map<Key, First> firsts = new HashMap<>();
        for (int from = 0; from < keys.size(); from += KEYS_MAX) {
            List<Key> some = keys.subList(from, Math.min(keys.size(), from + KEYS_MAX));
            MySqlDatabase.rows(
                    connection,
                    FIRST_OF_KEY + String.join(" OR ", Collections.nCopies(some.size(), KEY)),
                    p -> {
                        for (Key key : some) {
                            p.number(key.merchant).text(key.key);
                        }
                    },
                    row -> firsts.put(
                            new Key(row.getLong("key_merchant"), row.getString("idempotency_key")),
                            new First(new NotificationId(row.getLong("id")), row.getBytes("body_digest"))));
        }
        return firsts;
    }

    private static void deliver(Connection connection, List<NewNotification> fresh, long position) throws SQLException {
        MySqlDatabase.insert(
                connection,
                DELIVERY_INTO,
                DELIVERY_ROW,
                fresh.stream()
                        .sorted(Comparator.comparing(NewNotification::id))
                        .map(n -> delivery(n, position))
                        .toList());
        StateCounters counters = new StateCounters();
        fresh.forEach(n -> counters.counts.add(n.kind(), n.ladderName(), DeliveryState.WAITING, 0, 1));
        counters.write(connection);
    }

    private static @Nullable Object[] notification(NewNotification n, long position) {
        EventId event = n.content().event();
        return new @Nullable Object[] {
            n.id().value(),
            n.merchantId().value(),
            n.receiver().endpointCode(),
            event == null ? null : event.value(),
            position,
            n.content().createdAt(),
            n.kind().code(),
            n.ordered(),
            n.content().url(),
            n.content().ownUrl(),
            n.content().orderNo(),
            n.content().eventType(),
            n.ladder().compact(),
            n.ladderName(),
            key(n),
            digest(n),
            n.content().trace() == null ? null : n.content().trace().text(),
            n.payload()
        };
    }

    private static @Nullable Object[] delivery(NewNotification n, long position) {
        return new @Nullable Object[] {
            n.id().value(),
            n.merchantId().value(),
            n.receiver().endpointCode(),
            n.dueAt(),
            NewNotification.FIRST_WAKE,
            n.ladder().attemptsMax(),
            DeliveryState.WAITING.code(),
            n.wakeLocation().code(),
            n.kind().code(),
            n.ordered(),
            n.ordered() ? position : null,
            n.ordered() ? n.content().orderNo() : null,
            n.ladderName(),
            n.channel(),
            n.urgent()
        };
    }

    private static @Nullable String key(NewNotification n) {
        Idempotency idempotency = n.idempotency();
        return idempotency == null ? null : idempotency.key();
    }

    private static byte @Nullable [] digest(NewNotification n) {
        Idempotency idempotency = n.idempotency();
        return idempotency == null ? null : idempotency.bodyDigest();
    }
}
