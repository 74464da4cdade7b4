package dev.rung.store.mysql;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Settlement;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.common.AlertCounts;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.DeliveryRow;
import dev.rung.store.common.SettledRows;
import dev.rung.store.common.SqlAlertStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores the results of attempts within a transaction. */
final class Settlements {
    private static final String INTO = "INSERT INTO attempt (" + SettledRows.ATTEMPT + ")";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String WRITTEN_BEFORE = "SELECT notification_id, superseded FROM attempt WHERE ";
    private static final String ATTEMPT = "notification_id = ? AND id = ?";

    private static final String MARK = "INSERT INTO last_attempt (slot, id) VALUES (" + StateCounters.SLOT
            + ", ?) ON DUPLICATE KEY UPDATE id = greatest(id, VALUES(id))";

    private static final String NEWEST_FORGOTTEN = CodedSql.of("""
            SELECT id FROM attempt WHERE notification_id = ? AND outcome = {Outcome.THROTTLED}
            ORDER BY id DESC LIMIT 1 OFFSET %d
            """.formatted(Delivery.THROTTLED_KEPT));

    private static final String FORGET =
            CodedSql.of("DELETE FROM attempt WHERE notification_id = ? AND outcome = {Outcome.THROTTLED} AND id <= ?");

    private Settlements() {}

    static List<Settled> settle(Connection connection, List<Settlement> batch) throws SQLException {
        Map<NotificationId, DeliveryRow> rows = LockedDeliveries.lock(
                connection, batch.stream().map(Settlements::id).toList());
        Map<NotificationId, Boolean> before = writtenBefore(
                connection,
                batch.stream()
                        .filter(s -> rows.containsKey(id(s)) && !SettledRows.moves(row(rows, s), s))
                        .toList());
        List<@Nullable Object[]> attempts = new ArrayList<>(batch.size());
        List<DeliveryRow> moved = new ArrayList<>(batch.size());
        List<Settled> answers = new ArrayList<>(batch.size());
        for (Settlement s : batch) {
            DeliveryRow row = rows.get(id(s));
            if (row == null) {
                answers.add(new Settled.Gone());
            } else if (SettledRows.moves(row, s)) {
                attempts.add(SettledRows.attempt(row, s.attempt(), false));
                answers.add(SettledRows.apply(row, s));
                moved.add(row);
            } else if (before.containsKey(id(s))) {
                answers.add(SettledRows.repeated(row, s, Boolean.TRUE.equals(before.get(id(s)))));
            } else {
                attempts.add(SettledRows.attempt(row, s.attempt(), true));
                answers.add(new Settled.Superseded());
            }
        }
        MySqlDatabase.insert(connection, INTO, ROW, attempts);
        for (DeliveryRow row : moved) {
            if (row.throttledCount > Delivery.THROTTLED_KEPT) {
                forget(connection, row);
            }
        }
        for (Map.Entry<String, Long> exhausted : AlertCounts.exhausted(moved).entrySet()) {
            MySqlDatabase.change(
                    connection,
                    SqlAlertStore.ADD_IN_MYSQL,
                    p -> p.values(SqlAlertStore.values(
                            AlertKind.NOTIFICATIONS_EXHAUSTED,
                            exhausted.getKey(),
                            exhausted.getValue(),
                            null,
                            batch.getLast().endedAt())));
        }
        LockedDeliveries.save(
                connection,
                moved.stream().sorted(Comparator.comparing(row -> row.id)).toList());
        mark(connection, batch);
        return answers;
    }

    private static NotificationId id(Settlement s) {
        return s.wake().id();
    }

    private static DeliveryRow row(Map<NotificationId, DeliveryRow> rows, Settlement s) {
        return Objects.requireNonNull(rows.get(id(s)));
    }

    /**
     * The settlements whose attempts are stored, with whether they were superseded. Only those that do not move their row can be: the first
     * writing changed the wake number, or the state is delivered.
     */
    private static Map<NotificationId, Boolean> writtenBefore(Connection connection, List<Settlement> unmoved)
            throws SQLException {
        Map<NotificationId, Boolean> before = new HashMap<>();
        if (!unmoved.isEmpty()) {
            MySqlDatabase.rows(
                    connection,
                    WRITTEN_BEFORE + String.join(" OR ", Collections.nCopies(unmoved.size(), ATTEMPT)),
                    p -> {
                        for (Settlement s : unmoved) {
                            p.number(id(s).value()).number(s.attempt().id());
                        }
                    },
                    row -> before.put(new NotificationId(row.getLong("notification_id")), row.getBoolean("superseded"))
                            == null);
        }
        return before;
    }

    private static void forget(Connection connection, DeliveryRow row) throws SQLException {
        List<Long> newest =
                MySqlDatabase.rows(connection, NEWEST_FORGOTTEN, p -> p.number(row.id.value()), r -> r.getLong(1));
        if (!newest.isEmpty()) {
            MySqlDatabase.change(
                    connection, FORGET, p -> p.number(row.id.value()).number(newest.getFirst()));
        }
    }

    private static void mark(Connection connection, List<Settlement> batch) throws SQLException {
        long last = batch.stream().mapToLong(s -> s.attempt().id()).max().orElse(0);
        MySqlDatabase.change(connection, MARK, p -> p.number(last));
    }
}
