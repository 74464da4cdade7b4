package dev.rung.store.mysql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Binds a statement's parameters from left to right. */
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
            if (value == null) {
                statement.setNull(++index, java.sql.Types.NULL);
            } else {
                statement.setObject(++index, value instanceof String text ? storable(text) : value);
            }
        }
        return this;
    }

    /** Replaces halves of characters, which the driver encodes wrongly at the end of a text. */
    private static @Nullable String storable(@Nullable String text) {
        return text == null || text.chars().noneMatch(c -> Character.isSurrogate((char) c))
                ? text
                : new String(text.getBytes(UTF_8), UTF_8);
    }
}
