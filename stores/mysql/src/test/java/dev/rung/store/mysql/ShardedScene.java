package dev.rung.store.mysql;

import dev.rung.store.common.sharded.ShardedStores;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two shards and the database of what belongs to no merchant, emptied before each test: behind the vtgate that the environment variable {@code
 * RUNG_TEST_VTGATE_URL} names, such as {@code jdbc:mysql://127.0.0.1:25006/rung?user=any}, or three databases of the server that {@link MySqlScene} uses.
 */
final class ShardedScene implements BeforeEachCallback, AfterAllCallback {
    private static final @Nullable String VTGATE = System.getenv("RUNG_TEST_VTGATE_URL");

    private final List<MySqlScene> scenes =
            VTGATE == null ? List.of(new MySqlScene(), new MySqlScene(), new MySqlScene()) : List.of();
    final Stores stores =
            VTGATE == null ? stores(scenes.stream().map(s -> s.stores).toList()) : openVtgate();

    private static Stores stores(List<? extends Stores> databases) {
        Map<String, Stores> shards = new LinkedHashMap<>();
        shards.put("-80", databases.get(0));
        shards.put("80-", databases.get(1));
        return new ShardedStores(shards, databases.get(2));
    }

    private static Stores openVtgate() {
        return new MySqlStoreProvider().open(new StoreProvider.Config(Path.of("."), VTGATE, null, null));
    }

    /** A further server on the same databases. */
    Stores open() {
        return VTGATE == null ? stores(scenes.stream().map(MySqlScene::open).toList()) : openVtgate();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        scenes.forEach(MySqlScene::empty);
        if (VTGATE != null) {
            Stream.of("rung:-80", "rung:80-", "rung_global:-").forEach(ShardedScene::empty);
        }
    }

    private static void empty(String shard) {
        String url = ConnectionPools.driverUrl(VTGATE).replace("/rung?", "/" + shard + "@primary?");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : MySqlScene.EMPTY) {
                // vttablet refuses to change more rows at once.
                while (statement.executeUpdate(sql.startsWith("DELETE") ? sql + " LIMIT 9000" : sql) == 9_000) {}
            }
        } catch (SQLException e) {
            throw new IllegalStateException("emptying " + shard, e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        scenes.forEach(MySqlScene::close);
        if (VTGATE != null) {
            stores.close();
        }
    }
}
