package dev.rung.store.common;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.port.AlertStore;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.store.common.SqlStatements.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What alerts have to report, in the table {@code alert}. Thread-safe; several servers may share the database. */
public final class SqlAlertStore implements AlertStore {
    /** Adds to a group; values: {@link #values}. For PostgreSQL and SQLite. */
    public static final String ADD = """
            INSERT INTO alert (kind, subject, n, since, detail) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO UPDATE
            SET n = alert.n + excluded.n, detail = coalesce(excluded.detail, alert.detail)
            """;

    /** The same for MySQL and MariaDB. */
    public static final String ADD_IN_MYSQL = """
            INSERT INTO alert (kind, subject, n, since, detail) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE n = n + VALUES(n), detail = coalesce(VALUES(detail), detail)
            """;

    /** Of the kinds that this version knows: during an upgrade there may be others. */
    private static final String PENDING = "SELECT kind, subject, n, since, detail FROM alert WHERE kind IN ("
            + Stream.of(AlertKind.values())
                    .map(kind -> Integer.toString(kind.code()))
                    .collect(Collectors.joining(", "))
            + ") ORDER BY since, kind, subject LIMIT ?";

    private static final String TAKE =
            "UPDATE alert SET n = n - ?, since = ? WHERE kind = ? AND subject = ? AND since = ?";
    private static final String END = "DELETE FROM alert WHERE kind = ? AND subject = ? AND n <= 0";

    private final SqlStatements database;
    private final String add;

    /**
     * @param add {@link #ADD} or {@link #ADD_IN_MYSQL}
     */
    public SqlAlertStore(SqlStatements database, String add) {
        this.database = database;
        this.add = add;
    }

    /** The values of {@link #ADD}. */
    public static @Nullable Object[] values(
            AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        return new @Nullable Object[] {kind.code(), subject, count, now, detail};
    }

    /** The values for discrepancies that were found, one for each kind. In the order of the kinds, so that transactions lock the rows in one order. */
    public static List<@Nullable Object[]> values(List<StoredDiscrepancy> found) {
        Map<DiscrepancyKind, List<StoredDiscrepancy>> byKind = found.stream()
                .collect(Collectors.groupingBy(
                        StoredDiscrepancy::kind, () -> new EnumMap<>(DiscrepancyKind.class), Collectors.toList()));
        return byKind.entrySet().stream()
                .map(each -> values(each.getKey(), each.getValue()))
                .toList();
    }

    private static @Nullable Object[] values(DiscrepancyKind kind, List<StoredDiscrepancy> found) {
        StoredDiscrepancy last = found.getLast();
        return values(
                AlertKind.DISCREPANCIES_FOUND,
                Integer.toString(kind.code()),
                found.size(),
                last.channel() + ": " + last.subject(),
                found.getFirst().createdAt().toEpochMilli());
    }

    @Override
    public void add(AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        database.change(add, values(kind, subject, count, detail, now));
    }

    @Override
    public List<Group> pending(int limit) {
        return database.list(PENDING, SqlAlertStore::group, limit);
    }

    @Override
    public void reported(Group group, long now) {
        int kind = group.kind().code();
        long since = Math.max(now, group.since() + 1);
        database.changeTogether(List.of(
                new Change(TAKE, group.count(), since, kind, group.subject(), group.since()),
                new Change(END, kind, group.subject())));
    }

    private static Group group(ResultSet row) throws SQLException {
        return new Group(
                CodedEnum.ofCode(AlertKind.class, row.getInt("kind")),
                row.getString("subject"),
                row.getLong("n"),
                row.getLong("since"),
                row.getString("detail"));
    }
}
