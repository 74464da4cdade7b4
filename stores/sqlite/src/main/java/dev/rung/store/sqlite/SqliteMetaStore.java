package dev.rung.store.sqlite;

import dev.rung.core.port.MetaStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short values about the store, in SQLite. Thread-safe. */
final class SqliteMetaStore implements MetaStore {
    private static final String GET = "SELECT value FROM meta WHERE name = ?";
    private static final String KEYS = "SELECT name FROM meta WHERE substr(name, 1, ?) = ? ORDER BY name";
    private static final String PUT =
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    private static final String PUT_IF_ABSENT = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING";

    private static final String REMOVE = "DELETE FROM meta WHERE name = ?";
    private static final String REPLACE = "UPDATE meta SET value = ? WHERE name = ? AND value = ?";

    private final SqliteDatabase database;

    SqliteMetaStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(
                database.<@Nullable String>read(session -> session.first(GET, r -> r.getString(1), key)));
    }

    @Override
    public List<String> keys(String prefix) {
        return database.read(session -> session.list(KEYS, r -> r.getString(1), prefix.length(), prefix));
    }

    @Override
    public void put(String key, String value) {
        database.write(tx -> tx.session.update(PUT, key, value));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        return database.write(tx -> tx.session.update(PUT_IF_ABSENT, key, value) > 0);
    }

    @Override
    public void remove(String key) {
        database.write(tx -> tx.session.update(REMOVE, key));
    }

    @Override
    public boolean replace(String key, String expected, String value) {
        return database.write(tx -> tx.session.update(REPLACE, value, key, expected) > 0);
    }
}
