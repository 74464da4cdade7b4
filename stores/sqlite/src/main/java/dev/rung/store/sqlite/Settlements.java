package dev.rung.store.sqlite;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Settlement;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.common.AlertCounts;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.SettledRows;
import dev.rung.store.common.SqlAlertStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores the results of attempts. */
final class Settlements {
    private static final String INSERT = "INSERT INTO attempt (" + SettledRows.ATTEMPT
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String WAS_SUPERSEDED = "SELECT superseded FROM attempt WHERE notification_id = ? AND id = ?";

    private static final String FORGET_THROTTLED = CodedSql.of("""
            DELETE FROM attempt WHERE notification_id = ?1 AND outcome = {Outcome.THROTTLED} AND id <= (
              SELECT id FROM attempt WHERE notification_id = ?1 AND outcome = {Outcome.THROTTLED}
               ORDER BY id DESC LIMIT 1 OFFSET ?2)""");

    private Settlements() {}

    static List<Settled> settle(WriteTransaction tx, List<Settlement> batch) throws SQLException {
        List<@Nullable SqliteDeliveryRow> rows =
                tx.load(batch.stream().map(s -> s.wake().id()).toList());
        List<@Nullable Object[]> attempts = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            SqliteDeliveryRow row = rows.get(i);
            if (row != null) {
                Attempt attempt = batch.get(i).attempt();
                tx.given(attempt.id());
                attempts.add(SettledRows.attempt(row, attempt, !SettledRows.moves(row, batch.get(i))));
            }
        }
        int[] inserted = tx.session.updateEach(INSERT, attempts);
        List<Settled> answers = new ArrayList<>(batch.size());
        List<SqliteDeliveryRow> moved = new ArrayList<>(batch.size());
        int n = 0;
        for (int i = 0; i < batch.size(); i++) {
            SqliteDeliveryRow row = rows.get(i);
            answers.add(row == null ? new Settled.Gone() : settle(tx, row, batch.get(i), inserted[n++] == 1, moved));
        }
        for (Map.Entry<String, Long> exhausted : AlertCounts.exhausted(moved).entrySet()) {
            tx.session.update(
                    SqlAlertStore.ADD,
                    SqlAlertStore.values(
                            AlertKind.NOTIFICATIONS_EXHAUSTED,
                            exhausted.getKey(),
                            exhausted.getValue(),
                            null,
                            batch.getLast().endedAt()));
        }
        tx.save(moved);
        for (SqliteDeliveryRow row : moved) {
            if (row.throttledCount > Delivery.THROTTLED_KEPT) {
                tx.session.update(FORGET_THROTTLED, row.id.value(), Delivery.THROTTLED_KEPT);
            }
        }
        return answers;
    }

    private static Settled settle(
            WriteTransaction tx, SqliteDeliveryRow row, Settlement s, boolean isNew, List<SqliteDeliveryRow> moved)
            throws SQLException {
        if (!isNew) {
            return repeated(tx, row, s);
        }
        if (!SettledRows.moves(row, s)) {
            return new Settled.Superseded();
        }
        moved.add(row);
        return SettledRows.apply(row, s);
    }

    private static Settled repeated(WriteTransaction tx, SqliteDeliveryRow row, Settlement s) throws SQLException {
        Boolean superseded = tx.session.first(
                WAS_SUPERSEDED,
                r -> r.getBoolean(1),
                row.id.value(),
                s.attempt().id());
        return SettledRows.repeated(row, s, Boolean.TRUE.equals(superseded));
    }
}
