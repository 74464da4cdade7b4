package dev.rung.store.postgresql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Binds a statement's parameters from left to right. Batches are bound as one array per column, which the driver sends in binary, so the
 * statement does not depend on the batch's size.
 */
final class Parameters {
    private final PreparedStatement statement;
    private int index;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters number(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    Parameters number(@Nullable Long value) throws SQLException {
        statement.setObject(++index, value, java.sql.Types.BIGINT);
        return this;
    }

    Parameters number(int value) throws SQLException {
        statement.setInt(++index, value);
        return this;
    }

    Parameters flag(boolean value) throws SQLException {
        statement.setBoolean(++index, value);
        return this;
    }

    Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++index, storable(value));
        return this;
    }

    Parameters bytes(byte @Nullable [] value) throws SQLException {
        statement.setBytes(++index, value);
        return this;
    }

    /** Binds several values by their types. */
    Parameters values(@Nullable Object... values) throws SQLException {
        for (Object value : values) {
            statement.setObject(++index, value instanceof String text ? storable(text) : value);
        }
        return this;
    }

    <T> Parameters longs(List<T> rows, ToLongFunction<T> column) throws SQLException {
        return primitives(rows.stream().mapToLong(column).toArray());
    }

    <T> Parameters longsOrNull(List<T> rows, Function<T, @Nullable Long> column) throws SQLException {
        return array("int8", rows.stream().map(column).toArray(Long[]::new));
    }

    <T> Parameters ints(List<T> rows, ToIntFunction<T> column) throws SQLException {
        return primitives(rows.stream().mapToInt(column).toArray());
    }

    <T> Parameters intsOrNull(List<T> rows, Function<T, @Nullable Integer> column) throws SQLException {
        return array("int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    <T> Parameters flags(List<T> rows, Predicate<T> column) throws SQLException {
        boolean[] values = new boolean[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.test(rows.get(i));
        }
        return primitives(values);
    }

    <T> Parameters texts(List<T> rows, Function<T, @Nullable String> column) throws SQLException {
        return array(
                "text", rows.stream().map(row -> storable(column.apply(row))).toArray(String[]::new));
    }

    <T> Parameters byteses(List<T> rows, Function<T, byte @Nullable []> column) throws SQLException {
        return array("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    private Parameters primitives(Object array) throws SQLException {
        statement.setObject(++index, array);
        return this;
    }

    private Parameters array(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf(type, values));
        return this;
    }

    /**
     * Replaces U+0000, which PostgreSQL's text type cannot store: a merchant's response must not prevent a whole batch from being settled.
     */
    private static @Nullable String storable(@Nullable String text) {
        return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}
