package dev.rung.store.postgresql;

import dev.rung.core.port.MetaStore;
import java.util.List;
import java.util.Optional;

/** Short values about the store, in PostgreSQL. Thread-safe. */
public final class PostgresMetaStore implements MetaStore {
    private final PostgresDatabase database;

    PostgresMetaStore(PostgresDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<String> get(String key) {
        return database
                .rows("SELECT value FROM meta WHERE name = ?", p -> p.text(key), row -> row.getString(1))
                .stream()
                .findFirst();
    }

    @Override
    public List<String> keys(String prefix) {
        return database.rows(
                "SELECT name FROM meta WHERE left(name, ?) = ? ORDER BY name",
                p -> p.number(prefix.length()).text(prefix),
                row -> row.getString(1));
    }

    @Override
    public void put(String key, String value) {
        database.change(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                p -> p.text(key).text(value));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        return database.change(
                        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                        p -> p.text(key).text(value))
                == 1;
    }

    @Override
    public void remove(String key) {
        database.change("DELETE FROM meta WHERE name = ?", p -> p.text(key));
    }

    @Override
    public boolean replace(String key, String expected, String value) {
        return database.change(
                        "UPDATE meta SET value = ? WHERE name = ? AND value = ?",
                        p -> p.text(value).text(key).text(expected))
                == 1;
    }
}
