package dev.rung.store.mysql;

import dev.rung.core.model.MerchantId;
import dev.rung.core.port.KeyStore;
import dev.rung.store.common.KeyRows;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys in MySQL or MariaDB. Thread-safe. */
public final class MySqlKeyStore implements KeyStore {
    private final MySqlDatabase database;

    MySqlKeyStore(MySqlDatabase database) {
        this.database = database;
    }

    @Override
    public void insert(Key key) {
        database.change(KeyRows.INSERT, p -> p.values(KeyRows.values(key)));
    }

    @Override
    public Key adopt(Key key) {
        return database.transaction(connection -> {
            if (MySqlDatabase.insertIfNew(connection, KeyRows.INSERT, p -> p.values(KeyRows.values(key)))) {
                MySqlDatabase.change(
                        connection,
                        KeyRows.DELETE_EARLIER,
                        p -> p.number(key.role().code()).number(key.id()));
            }
            return MySqlDatabase.rows(connection, KeyRows.FIND_BY_DIGEST, p -> p.bytes(key.digest()), KeyRows::key)
                    .getFirst();
        });
    }

    @Override
    public List<Key> list(@Nullable MerchantId merchant) {
        return merchant == null
                ? database.rows(KeyRows.LIST_OF_SERVER, p -> {}, KeyRows::key)
                : database.rows(KeyRows.LIST_OF_MERCHANT, p -> p.number(merchant.value()), KeyRows::key);
    }

    @Override
    public Optional<Key> find(byte[] digest) {
        return database.rows(KeyRows.FIND_BY_DIGEST, p -> p.bytes(digest), KeyRows::key).stream()
                .findFirst();
    }

    @Override
    public Optional<Key> find(long id) {
        return database.rows(KeyRows.FIND, p -> p.number(id), KeyRows::key).stream()
                .findFirst();
    }

    @Override
    public boolean revoke(@Nullable MerchantId merchant, long id, long at) {
        return database.change(KeyRows.DELETE, p -> p.number(id).number(KeyRows.owner(merchant))) > 0
                || merchant == null
                        && database.change(
                                        KeyRows.REVOKE_SETTING,
                                        p -> p.number(at).number(id))
                                > 0;
    }

    @Override
    public void markUsed(long id, long at) {
        database.change(KeyRows.MARK_USED, p -> p.number(at).number(id).number(at - USE_INTERVAL.toMillis()));
    }
}
