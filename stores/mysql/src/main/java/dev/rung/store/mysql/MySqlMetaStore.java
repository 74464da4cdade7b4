package dev.rung.store.mysql;

import dev.rung.core.port.MetaStore;
import java.util.List;
import java.util.Optional;

/** Short values about the store, in MySQL or MariaDB. Thread-safe. */
public final class MySqlMetaStore implements MetaStore {
    private final MySqlDatabase database;

    MySqlMetaStore(MySqlDatabase database) {
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
    public void put(String key, String value) {
        database.change(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)",
                p -> p.text(key).text(value));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        return database.single(connection -> MySqlDatabase.insertIfNew(
                connection,
                "INSERT INTO meta (name, value) VALUES (?, ?)",
                p -> p.text(key).text(value)));
    }

    @Override
    public boolean replace(String key, String expected, String value) {
        return database.change(
                        "UPDATE meta SET value = ? WHERE name = ? AND value = ?",
                        p -> p.text(value).text(key).text(expected))
                == 1;
    }

    @Override
    public List<String> keys(String prefix) {
        return database.rows(
                "SELECT name FROM meta WHERE left(name, ?) = ? ORDER BY name",
                p -> p.number(prefix.length()).text(prefix),
                row -> row.getString(1));
    }

    @Override
    public void remove(String key) {
        database.change("DELETE FROM meta WHERE name = ?", p -> p.text(key));
    }
}
