package dev.rung.store.mysql;

import dev.rung.core.model.NotificationId;
import dev.rung.store.common.sharded.ShardedStores;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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

    /** The notifications among these that are in the shard {@code -80}, looked up past the facade. */
    List<NotificationId> rowsInFirstShard(List<NotificationId> ids) {
        List<NotificationId> found = new ArrayList<>();
        try (Connection connection = VTGATE == null
                        ? scenes.getFirst().connect()
                        : DriverManager.getConnection(onShard("rung:-80"));
                PreparedStatement one = connection.prepareStatement("SELECT 1 FROM notification WHERE id = ?")) {
            for (NotificationId id : ids) {
                one.setLong(1, id.value());
                try (ResultSet rows = one.executeQuery()) {
                    if (rows.next()) {
                        found.add(id);
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private static String onShard(String shard) {
        return ConnectionPools.driverUrl(VTGATE).replace("/rung?", "/" + shard + "@primary?");
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
        try (Connection connection = DriverManager.getConnection(onShard(shard));
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
