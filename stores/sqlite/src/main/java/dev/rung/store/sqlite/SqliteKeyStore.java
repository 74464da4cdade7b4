package dev.rung.store.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.KeyStore;
import dev.rung.store.common.KeyRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys in SQLite. Thread-safe. */
final class SqliteKeyStore implements KeyStore {
    private final SqliteDatabase database;

    SqliteKeyStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public void insert(Key key) {
        database.write(tx -> tx.session.update(KeyRows.INSERT, KeyRows.values(key)));
    }

    @Override
    public Key adopt(Key key) {
        return database.write(tx -> {
            if (tx.session.update(KeyRows.ADOPT, KeyRows.values(key)) > 0) {
                tx.session.update(KeyRows.DELETE_EARLIER, key.role().code(), key.id());
            }
            return Objects.requireNonNull(tx.session.first(KeyRows.FIND_BY_DIGEST, KeyRows::key, key.digest()));
        });
    }

    @Override
    public List<Key> list(@Nullable MerchantId merchant) {
        return database.read(session -> merchant == null
                ? session.list(KeyRows.LIST_OF_SERVER, KeyRows::key)
                : session.list(KeyRows.LIST_OF_MERCHANT, KeyRows::key, merchant.value()));
    }

    @Override
    public Optional<Key> find(byte[] digest) {
        return first(KeyRows.FIND_BY_DIGEST, digest);
    }

    @Override
    public Optional<Key> find(long id) {
        return first(KeyRows.FIND, id);
    }

    private Optional<Key> first(String sql, Object value) {
        return Optional.ofNullable(database.<@Nullable Key>read(session -> session.first(sql, KeyRows::key, value)));
    }

    @Override
    public boolean revoke(@Nullable MerchantId merchant, long id, long at) {
        return database.write(tx -> revoke(tx.session, merchant, id, at));
    }

    private static boolean revoke(SqliteSession session, @Nullable MerchantId merchant, long id, long at)
            throws SQLException {
        return session.update(KeyRows.DELETE, id, KeyRows.owner(merchant)) > 0
                || merchant == null && session.update(KeyRows.REVOKE_SETTING, at, id) > 0;
    }

    @Override
    public void markUsed(long id, long at) {
        database.write(tx -> tx.session.update(KeyRows.MARK_USED, at, id, at - USE_INTERVAL.toMillis()));
    }
}
