package dev.rung.store.common;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements that every database of the stores understands, with values by position: numbers, texts, null. Every method is one transaction.
 * Thread-safe.
 */
public interface SqlStatements {
    /** Reads one row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A statement with its values. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Change(String sql, @Nullable Object... values) {}

    /** Runs a statement and returns the number of changed rows. */
    int change(String sql, @Nullable Object... values);

    /** Runs several statements together. */
    void changeTogether(List<Change> changes);

    /** Inserts one row, unless a unique key is in use; returns whether it did. */
    boolean insertIfNew(String insert, @Nullable Object... values);

    /** Runs a query and returns its rows. */
    <T> List<T> list(String query, RowReader<T> row, @Nullable Object... values);
}
