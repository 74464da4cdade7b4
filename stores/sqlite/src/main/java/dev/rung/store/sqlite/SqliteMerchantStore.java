package dev.rung.store.sqlite;

import dev.rung.core.model.Endpoint;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.MerchantRows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Merchants and saved ladders in SQLite. Thread-safe. */
final class SqliteMerchantStore implements MerchantStore {
    private static final String FIND = "SELECT " + MerchantRows.MERCHANT + " FROM merchant WHERE id = ?";
    private static final String LIST = "SELECT " + MerchantRows.MERCHANT
            + " FROM merchant WHERE id < ? AND deleted_at IS NULL ORDER BY id DESC LIMIT ?";
    private static final String CHANGED =
            "SELECT " + MerchantRows.MERCHANT + " FROM merchant WHERE version > ? ORDER BY version LIMIT ?";
    private static final String ENDPOINTS = "SELECT " + MerchantRows.ENDPOINT
            + " FROM endpoint WHERE merchant_id IN (SELECT value FROM json_each(?)) ORDER BY id";
    private static final String VERSION = "SELECT coalesce(max(version), 0) FROM merchant";

    private static final String LADDERS = "SELECT name, steps FROM ladder";
    private static final String PUT_LADDER =
            "INSERT INTO ladder (name, steps) VALUES (?, ?) ON CONFLICT DO UPDATE SET steps = excluded.steps";

    private final SqliteDatabase database;

    SqliteMerchantStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Merchant insert(Merchant merchant) {
        return database.write(tx -> {
            Merchant first = merchant.withVersion(version(tx.session) + 1);
            List<@Nullable Object> values = new ArrayList<>(List.of(first.id().value(), first.version()));
            Collections.addAll(values, MerchantRows.values(first));
            tx.session.update(MerchantRows.INSERT, values.toArray());
            writeEndpoints(tx, first.id(), List.of(), first.endpoints());
            return first;
        });
    }

    @Override
    public Optional<Merchant> find(MerchantId id) {
        return database.read(session -> merchants(session, FIND, id.value())).stream()
                .findFirst();
    }

    private static List<Merchant> merchants(SqliteSession session, String sql, @Nullable Object... parameters)
            throws SQLException {
        return MerchantRows.withEndpoints(
                session.list(sql, MerchantRows::merchant, parameters),
                ids -> session.list(
                        ENDPOINTS,
                        MerchantRows::endpoint,
                        ids.stream().map(id -> Long.toString(id.value())).collect(Collectors.joining(",", "[", "]"))));
    }

    private static void writeEndpoints(
            WriteTransaction tx, MerchantId merchant, List<Endpoint> before, List<Endpoint> after) throws SQLException {
        try {
            MerchantRows.writeEndpoints(merchant, before, after, tx.session::update);
        } catch (SQLException e) {
            if (SqliteErrors.isKeyTaken(e)) {
                throw StoreException.idTaken(e);
            }
            throw e;
        }
    }

    @Override
    public Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change) {
        return database.writeAlone(tx -> {
            List<Merchant> found = merchants(tx.session, FIND, id.value());
            if (found.isEmpty()) {
                return Optional.<Merchant>empty();
            }
            Merchant merchant = found.getFirst();
            Merchant next = change.apply(merchant).withVersion(version(tx.session) + 1);
            List<@Nullable Object> values = new ArrayList<>();
            Collections.addAll(values, MerchantRows.values(next));
            values.add(next.version());
            values.add(id.value());
            tx.session.update(MerchantRows.UPDATE, values.toArray());
            writeEndpoints(tx, id, merchant.endpoints(), next.endpoints());
            return Optional.of(next);
        });
    }

    @Override
    public List<Merchant> list(@Nullable MerchantId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        return database.browse(session -> merchants(session, LIST, below, limit));
    }

    @Override
    public List<Merchant> changedSince(long version, int limit) {
        return database.read(session -> merchants(session, CHANGED, version, limit));
    }

    @Override
    public Duration longestTimeout() {
        return database.read(session -> Duration.ofMillis(
                Objects.requireNonNull(session.first(MerchantRows.LONGEST_TIMEOUT, r -> r.getLong(1)))));
    }

    @Override
    public long version() {
        return database.read(SqliteMerchantStore::version);
    }

    private static Long version(SqliteSession session) throws SQLException {
        Long version = session.first(VERSION, r -> r.getLong(1));
        return version == null ? 0L : version;
    }

    @Override
    public SortedMap<String, Ladder> ladders() {
        return database.read(session -> {
            SortedMap<String, Ladder> ladders = new TreeMap<>();
            session.list(LADDERS, r -> ladders.put(r.getString("name"), Ladder.parseCompact(r.getString("steps"))));
            return ladders;
        });
    }

    @Override
    public void putLadder(String name, Ladder ladder) {
        database.write(tx -> tx.session.update(PUT_LADDER, name, ladder.compact()));
    }
}
