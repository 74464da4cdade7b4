package dev.rung.spring.outbox;

import dev.rung.client.Ladder;
import dev.rung.client.NewNotification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code rung_outbox}. Thread-safe. */
final class OutboxTable {
    private static final int ERROR_LENGTH_MAX = 1_000;

    private static final String INSERT = """
            INSERT INTO rung_outbox (merchant_id, order_no, event_type, payload, url, ladder, deliver_at, ordered, idempotency_key, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** The oldest row of each order number, so that a later one is submitted only after it, whichever process does it. */
    private static final String CLAIMABLE = """
            SELECT id, merchant_id, order_no, event_type, payload, url, ladder, deliver_at, ordered, idempotency_key
            FROM rung_outbox o
            WHERE failed = FALSE AND next_attempt_at <= ? AND claimed_until <= ?
              AND NOT EXISTS (
                SELECT 1 FROM rung_outbox earlier
                WHERE earlier.merchant_id = o.merchant_id AND earlier.order_no = o.order_no AND earlier.id < o.id
                  AND earlier.failed = FALSE)
            ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED""";

    private static final String CLAIM = "UPDATE rung_outbox SET claimed_by = ?, claimed_until = ? WHERE id = ?";
    private static final String DELETE = "DELETE FROM rung_outbox WHERE id = ?";
    private static final String RELEASE =
            "UPDATE rung_outbox SET claimed_until = 0, next_attempt_at = ?, error = ? WHERE id = ? AND claimed_by = ?";
    private static final String SET_ASIDE =
            "UPDATE rung_outbox SET failed = TRUE, claimed_until = 0, error = ? WHERE id = ? AND claimed_by = ?";
    private static final String COUNT =
            "SELECT failed, COUNT(*) AS n, MIN(created_at) AS oldest FROM rung_outbox GROUP BY failed";
    private static final String FAILED = """
            SELECT id, merchant_id, order_no, event_type, payload, idempotency_key, created_at, error
            FROM rung_outbox WHERE failed = TRUE ORDER BY id LIMIT ?""";
    private static final String RETRY =
            "UPDATE rung_outbox SET failed = FALSE, next_attempt_at = 0, error = NULL WHERE id = ? AND failed = TRUE";
    private static final String DISCARD = "DELETE FROM rung_outbox WHERE id = ? AND failed = TRUE";

    private final DataSource dataSource;

    OutboxTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A claimed row. */
    record Row(long id, NewNotification notification) {}

    void create() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            for (String statement : OutboxDatabase.of(dataSource).schema()) {
                try (PreparedStatement create = connection.prepareStatement(statement)) {
                    create.execute();
                }
            }
        }
    }

    /** Inserts in the transaction of the connection. */
    static void insert(Connection connection, NewNotification n, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, n.merchantId());
            insert.setString(2, n.orderNo());
            insert.setString(3, n.eventType());
            insert.setString(4, n.payload());
            insert.setString(5, n.url());
            insert.setString(6, text(n.ladder()));
            insert.setObject(7, n.deliverAt() == null ? null : n.deliverAt().toEpochMilli(), java.sql.Types.BIGINT);
            insert.setBoolean(8, n.ordered());
            insert.setString(9, n.idempotencyKey());
            insert.setLong(10, now.toEpochMilli());
            insert.executeUpdate();
        }
    }

    /** Claims rows for a time. If the process dies, others take them when that is over. */
    List<Row> claim(String owner, Instant now, Duration lease, int rowsMax) throws SQLException {
        return inTransaction(connection -> {
            List<Row> rows = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(CLAIMABLE)) {
                select.setLong(1, now.toEpochMilli());
                select.setLong(2, now.toEpochMilli());
                select.setInt(3, rowsMax);
                try (ResultSet found = select.executeQuery()) {
                    while (found.next()) {
                        rows.add(new Row(found.getLong("id"), notification(found)));
                    }
                }
            }
            update(connection, CLAIM, rows.stream().map(Row::id).toList(), (claim, id) -> {
                claim.setString(1, owner);
                claim.setLong(2, now.plus(lease).toEpochMilli());
                claim.setLong(3, id);
            });
            return rows;
        });
    }

    /** Removes rows that Rung has accepted. */
    void delete(Collection<Long> ids) throws SQLException {
        inTransaction(connection -> update(connection, DELETE, ids, (delete, id) -> delete.setLong(1, id)));
    }

    /** Gives rows back, to be submitted again at a time. */
    void release(String owner, Collection<Long> ids, Instant nextAttemptAt, @Nullable String error)
            throws SQLException {
        inTransaction(connection -> update(connection, RELEASE, ids, (release, id) -> {
            release.setLong(1, nextAttemptAt.toEpochMilli());
            release.setString(2, cut(error));
            release.setLong(3, id);
            release.setString(4, owner);
        }));
    }

    /** Sets a row aside that Rung refuses. */
    void setAside(String owner, long id, String error) throws SQLException {
        inTransaction(connection -> update(connection, SET_ASIDE, List.of(id), (set, each) -> {
            set.setString(1, cut(error));
            set.setLong(2, each);
            set.setString(3, owner);
        }));
    }

    OutboxState state() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count = connection.prepareStatement(COUNT);
                ResultSet found = count.executeQuery()) {
            long waiting = 0;
            long failed = 0;
            Instant oldest = null;
            while (found.next()) {
                if (found.getBoolean("failed")) {
                    failed = found.getLong("n");
                } else {
                    waiting = found.getLong("n");
                    oldest = Instant.ofEpochMilli(found.getLong("oldest"));
                }
            }
            return new OutboxState(waiting, failed, oldest);
        }
    }

    List<FailedNotification> failed(int rowsMax) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(FAILED)) {
            select.setInt(1, rowsMax);
            try (ResultSet found = select.executeQuery()) {
                List<FailedNotification> all = new ArrayList<>();
                while (found.next()) {
                    all.add(new FailedNotification(
                            found.getLong("id"),
                            found.getString("merchant_id"),
                            found.getString("order_no"),
                            found.getString("event_type"),
                            found.getString("payload"),
                            found.getString("idempotency_key"),
                            Instant.ofEpochMilli(found.getLong("created_at")),
                            Objects.requireNonNullElse(found.getString("error"), "")));
                }
                return all;
            }
        }
    }

    boolean retry(long id) throws SQLException {
        return inTransaction(
                connection -> update(connection, RETRY, List.of(id), (retry, each) -> retry.setLong(1, each)) > 0);
    }

    boolean discard(long id) throws SQLException {
        return inTransaction(connection ->
                update(connection, DISCARD, List.of(id), (discard, each) -> discard.setLong(1, each)) > 0);
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** READ COMMITTED, so that each statement sees what other processes have committed. */
    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            int isolation = connection.getTransactionIsolation();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                T result = work.in(connection);
                connection.commit();
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
                connection.setTransactionIsolation(isolation);
            }
        }
    }

    private interface Parameters {
        void set(PreparedStatement statement, long id) throws SQLException;
    }

    private static int update(Connection connection, String sql, Collection<Long> ids, Parameters parameters)
            throws SQLException {
        int rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Long id : ids) {
                parameters.set(statement, id);
                rows += statement.executeUpdate();
            }
        }
        return rows;
    }

    private static NewNotification notification(ResultSet found) throws SQLException {
        long deliverAt = found.getLong("deliver_at");
        Instant at = found.wasNull() ? null : Instant.ofEpochMilli(deliverAt);
        return new NewNotification(
                found.getString("merchant_id"),
                found.getString("payload"),
                found.getString("order_no"),
                found.getString("event_type"),
                found.getString("url"),
                ladder(found.getString("ladder")),
                at,
                found.getBoolean("ordered"),
                found.getString("idempotency_key"));
    }

    /** A name, or {@code =} and the waits in milliseconds. */
    private static @Nullable String text(@Nullable Ladder ladder) {
        if (ladder == null || ladder.name() != null) {
            return ladder == null ? null : ladder.name();
        }
        return "=" + ladder.steps().stream().map(s -> "" + s.toMillis()).collect(Collectors.joining(","));
    }

    private static @Nullable Ladder ladder(@Nullable String text) {
        if (text == null || !text.startsWith("=")) {
            return text == null ? null : Ladder.named(text);
        }
        return Ladder.of(Stream.of(text.substring(1).split(","))
                .map(millis -> Duration.ofMillis(Long.parseLong(millis)))
                .toArray(Duration[]::new));
    }

    private static @Nullable String cut(@Nullable String error) {
        return error == null || error.length() <= ERROR_LENGTH_MAX ? error : error.substring(0, ERROR_LENGTH_MAX);
    }
}
