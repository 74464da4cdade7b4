package dev.rung.store.mysql;

import dev.rung.core.model.Endpoint;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.store.common.MerchantRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Merchants and saved ladders in MySQL or MariaDB. Thread-safe. */
public final class MySqlMerchantStore implements MerchantStore {
    private static final String NEXT_VERSION = "UPDATE merchant_versions SET last = last + 1";
    private static final String VERSION = "SELECT last FROM merchant_versions";

    private static final String FIND = "SELECT " + MerchantRows.MERCHANT + " FROM merchant WHERE id = ?";

    private static final String LIST = "SELECT " + MerchantRows.MERCHANT
            + " FROM merchant WHERE id < ? AND deleted_at IS NULL ORDER BY id DESC LIMIT ?";

    private static final String CHANGED =
            "SELECT " + MerchantRows.MERCHANT + " FROM merchant WHERE version > ? ORDER BY version LIMIT ?";

    private static final String ENDPOINTS =
            "SELECT " + MerchantRows.ENDPOINT + " FROM endpoint WHERE merchant_id IN (%s) ORDER BY id";

    private static final String PUT_LADDER = """
            INSERT INTO ladder (name, steps) VALUES (?, ?) ON DUPLICATE KEY UPDATE steps = VALUES(steps)
            """;

    private final MySqlDatabase database;

    MySqlMerchantStore(MySqlDatabase database) {
        this.database = database;
    }

    @Override
    public Merchant insert(Merchant merchant) {
        return database.transaction(connection -> {
            Merchant stored = merchant.withVersion(nextVersion(connection));
            MySqlDatabase.change(
                    connection,
                    MerchantRows.INSERT,
                    p -> p.number(stored.id().value()).number(stored.version()).values(MerchantRows.values(stored)));
            writeEndpoints(connection, stored.id(), List.of(), stored.endpoints());
            return stored;
        });
    }

    @Override
    public Optional<Merchant> find(MerchantId id) {
        return merchants(FIND, p -> p.number(id.value())).stream().findFirst();
    }

    private List<Merchant> merchants(String sql, MySqlDatabase.Binding binding) {
        return database.single(connection -> merchants(connection, sql, binding));
    }

    private static List<Merchant> merchants(Connection connection, String sql, MySqlDatabase.Binding binding)
            throws SQLException {
        List<MerchantRows.Found> found = MySqlDatabase.rows(connection, sql, binding, MerchantRows::merchant);
        return MerchantRows.withEndpoints(
                found,
                ids -> MySqlDatabase.rows(
                        connection,
                        MySqlDatabase.withIds(
                                ENDPOINTS, ids.stream().map(MerchantId::value).toList()),
                        p -> {},
                        MerchantRows::endpoint));
    }

    private static void writeEndpoints(
            Connection connection, MerchantId merchant, List<Endpoint> before, List<Endpoint> after)
            throws SQLException {
        MerchantRows.writeEndpoints(
                merchant, before, after, (sql, values) -> MySqlDatabase.change(connection, sql, p -> p.values(values)));
    }

    @Override
    public Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change) {
        return database.transaction(connection -> {
            List<Merchant> found = merchants(connection, FIND + " FOR UPDATE", p -> p.number(id.value()));
            if (found.isEmpty()) {
                return Optional.<Merchant>empty();
            }
            Merchant changed = change.apply(found.getFirst());
            Merchant stored = changed.withVersion(nextVersion(connection));
            MySqlDatabase.change(
                    connection,
                    MerchantRows.UPDATE,
                    p -> p.values(MerchantRows.values(stored))
                            .number(stored.version())
                            .number(id.value()));
            writeEndpoints(connection, id, found.getFirst().endpoints(), stored.endpoints());
            return Optional.of(stored);
        });
    }

    @Override
    public List<Merchant> list(@Nullable MerchantId before, int limit) {
        return merchants(
                LIST,
                p -> p.number(before == null ? Long.MAX_VALUE : before.value()).number(limit));
    }

    @Override
    public List<Merchant> changedSince(long version, int limit) {
        return merchants(CHANGED, p -> p.number(version).number(limit));
    }

    @Override
    public Duration longestTimeout() {
        return Duration.ofMillis(database.rows(MerchantRows.LONGEST_TIMEOUT, p -> {}, row -> row.getLong(1))
                .getFirst());
    }

    @Override
    public long version() {
        return database.rows(VERSION, p -> {}, row -> row.getLong(1)).getFirst();
    }

    @Override
    public SortedMap<String, Ladder> ladders() {
        SortedMap<String, Ladder> ladders = new TreeMap<>();
        database.rows(
                        "SELECT name, steps FROM ladder",
                        p -> {},
                        row -> Map.entry(row.getString("name"), Ladder.parseCompact(row.getString("steps"))))
                .forEach(saved -> ladders.put(saved.getKey(), saved.getValue()));
        return ladders;
    }

    @Override
    public void putLadder(String name, Ladder ladder) {
        database.change(PUT_LADDER, p -> p.text(name).text(ladder.compact()));
    }

    private static long nextVersion(Connection connection) throws SQLException {
        MySqlDatabase.change(connection, NEXT_VERSION, p -> {});
        return MySqlDatabase.rows(connection, VERSION, p -> {}, row -> row.getLong(1))
                .getFirst();
    }
}
