package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.ConcurrentTasks;
import dev.rung.testing.MariaDbServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Opening a database, and the small stores in it. */
class MySqlStoresIT {
    private final MariaDbServer server = MariaDbServer.shared();

    private MySqlStores open(String url) {
        return MySqlStores.open(url, server.user(), "");
    }

    @Test
    void severalServersMayOpenAnEmptyDatabaseAtOnce() {
        String url = server.createDatabase();
        List<Callable<MySqlStores>> opening = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opening.add(() -> open(url));
        }
        List<MySqlStores> opened = ConcurrentTasks.run(opening);
        opened.get(0).meta().put("key", "value");
        assertThat(opened)
                .allSatisfy(stores -> assertThat(stores.meta().get("key")).contains("value"));
        opened.forEach(MySqlStores::close);
    }

    @Test
    void aDatabaseOpenedAgainHasWhatItHad() {
        String url = server.createDatabase();
        NewNotification n = Sample.of(new MerchantId(2_001)).build();
        try (MySqlStores first = open(url)) {
            first.notifications().accept(List.of(n));
        }
        try (MySqlStores second = open(url)) {
            assertThat(second.catalog().find(n.id())).isPresent();
            assertThat(second.notifications().lastId()).isEqualTo(n.id().value());
        }
    }

    @Test
    void aUrlWithSeveralHostsFindsTheOneThatAnswers() {
        String url = server.createDatabase().replace("//127.0.0.1:", "//127.0.0.1:1,127.0.0.1:");
        try (MySqlStores stores = open(url)) {
            assertThat(stores.notifications().now()).isPositive();
        }
    }

    @Test
    void theUserMayStandInTheUrl() {
        String url = server.createDatabase() + "&user=" + server.user();
        try (MySqlStores stores = MySqlStores.open(url, "", "")) {
            assertThat(stores.notifications().now()).isPositive();
        }
    }

    @Test
    void aUrlThatIsNoneIsRefusedWithoutRepeatingIt() {
        Throwable refusal = catchThrowable(() -> open("jdbc:mysql://localhost:tea/rung?password=hunter2"));
        assertThat(refusal).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("jdbc:mysql://");
        assertThat(everythingSaid(refusal)).doesNotContain("hunter2");
    }

    @Test
    void aWrongPasswordAndAServerThatIsNotThereAreToldWithinSeconds() {
        String url = server.createDatabase();
        List<Throwable> refusals = ConcurrentTasks.run(
                () -> catchThrowable(() -> MySqlStores.open(url, server.user(), "a-wrong-password")),
                () -> catchThrowable(() -> open("jdbc:mysql://127.0.0.1:1/rung")));
        assertThat(refusals).hasOnlyElementsOfType(StoreException.class);
        assertThat(refusals.get(0)).hasMessageContaining("Access denied");
        assertThat(everythingSaid(refusals.get(0))).doesNotContain("a-wrong-password");
        assertThat(refusals.get(1)).hasMessageContaining("refused");
    }

    @Test
    void eitherSchemeOfTheUrlReachesTheServer() {
        String url = server.createDatabase();
        open(url).close();
        try (MySqlStores stores = open(url.replace("jdbc:mariadb:", "jdbc:mysql:"))) {
            assertThat(stores.notifications().now()).isPositive();
        }
    }

    @Test
    void aMigrationThatWasCutOffIsRunAgain() throws SQLException {
        String url = server.createDatabase();
        open(url).close();
        try (Connection connection = DriverManager.getConnection(url, server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE flyway_schema_history SET success = 0 WHERE version = '1'");
            statement.execute("DROP TABLE simulated_order");
        }
        try (MySqlStores stores = open(url)) {
            assertThat(stores.bankLedger().nextDue()).isEmpty();
        }
    }

    @Test
    void valuesInErrorsOfUniqueKeysAreNotSaid() {
        try (MySqlScene scene = new MySqlScene()) {
            scene.execute("ALTER TABLE notification ADD UNIQUE KEY one_order (order_no)");
            List<NewNotification> two = List.of(
                    Sample.of(new MerchantId(2_001)).orderNo("hunter3").build(),
                    Sample.of(new MerchantId(2_001)).orderNo("hunter3").build());
            Throwable refusal =
                    catchThrowable(() -> scene.stores.notifications().accept(two));
            assertThat(refusal).isInstanceOf(StoreException.class);
            assertThat(everythingSaid(refusal)).doesNotContain("hunter");
        }
    }

    @Test
    void keysDifferByCaseAndTrailingSpaces() {
        try (MySqlScene scene = new MySqlScene()) {
            MerchantId merchant = new MerchantId(2_001);
            List<NewNotification> all = Stream.of("key", "Key", "key ", "ke\u0301y", "k\u00e9y")
                    .map(key -> Sample.of(merchant).key(key, "body").build())
                    .toList();
            assertThat(scene.stores.notifications().accept(all))
                    .hasOnlyElementsOfType(NotificationStore.Acceptance.Stored.class);
        }
    }

    @Test
    void whatARefusedRowHeldIsNotSaid() {
        try (MySqlScene scene = new MySqlScene()) {
            scene.execute("ALTER TABLE notification ADD CHECK (url <> 'https://shop.example/pay/notify')");
            NewNotification n = Sample.of(new MerchantId(2_001))
                    .payload(Sample.bytes("{\"secret\":\"hunter2\"}"))
                    .orderNo("hunter3")
                    .build();
            Throwable refusal =
                    catchThrowable(() -> scene.stores.notifications().accept(List.of(n)));
            assertThat(refusal).isInstanceOf(StoreException.class);
            assertThat(everythingSaid(refusal)).doesNotContain("hunter");
        }
    }

    private static String everythingSaid(Throwable thrown) {
        StringWriter said = new StringWriter();
        thrown.printStackTrace(new PrintWriter(said));
        return said.toString();
    }

    @Test
    void ofSeveralThatSetAFactFirstOneWins() {
        try (MySqlScene scene = new MySqlScene();
                MySqlStores other = scene.open()) {
            MetaStore meta = scene.stores.meta();
            assertThat(meta.get("fingerprint")).isEmpty();
            List<Boolean> won = ConcurrentTasks.run(
                    () -> meta.putIfAbsent("fingerprint", "a"),
                    () -> other.meta().putIfAbsent("fingerprint", "b"));
            assertThat(won).containsExactlyInAnyOrder(true, false);
            assertThat(meta.get("fingerprint")).contains(won.get(0) ? "a" : "b");
            meta.put("fingerprint", "c");
            assertThat(other.meta().get("fingerprint")).contains("c");
            List<Boolean> replaced = ConcurrentTasks.run(
                    () -> meta.replace("fingerprint", "c", "d"),
                    () -> other.meta().replace("fingerprint", "c", "e"));
            assertThat(replaced).containsExactlyInAnyOrder(true, false);
            assertThat(meta.get("fingerprint")).contains(replaced.get(0) ? "d" : "e");
        }
    }
}
