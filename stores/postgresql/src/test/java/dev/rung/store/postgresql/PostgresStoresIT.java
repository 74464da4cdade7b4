package dev.rung.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.ConcurrentTasks;
import dev.rung.testing.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Opening a database, and the small stores in it. */
class PostgresStoresIT {
    private final PostgresServer server = PostgresServer.shared();

    private PostgresStores open(String url) {
        return PostgresStores.open(url, server.user(), server.password());
    }

    @Test
    void severalServersMayOpenAnEmptyDatabaseAtOnce() {
        String url = server.createDatabase();
        List<Callable<PostgresStores>> opening = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opening.add(() -> open(url));
        }
        List<PostgresStores> opened = ConcurrentTasks.run(opening);
        opened.get(0).meta().put("key", "value");
        assertThat(opened)
                .allSatisfy(stores -> assertThat(stores.meta().get("key")).contains("value"));
        opened.forEach(PostgresStores::close);
    }

    @Test
    void aDatabaseOpenedAgainHasWhatItHad() {
        String url = server.createDatabase();
        NewNotification n = Sample.of(new MerchantId(2_001)).build();
        try (PostgresStores first = open(url)) {
            first.notifications().accept(List.of(n));
        }
        try (PostgresStores second = open(url)) {
            assertThat(second.catalog().find(n.id())).isPresent();
            assertThat(second.notifications().lastId()).isEqualTo(n.id().value());
        }
    }

    @Test
    void aUrlWithSeveralHostsFindsTheOneThatAnswers() {
        String url = server.createDatabase().replace("//127.0.0.1:", "//127.0.0.1:1,127.0.0.1:");
        try (PostgresStores stores = open(url)) {
            assertThat(stores.notifications().now()).isPositive();
        }
    }

    @Test
    void userAndPasswordMayStandInTheUrl() {
        String url = server.createDatabase() + "?user=" + server.user() + "&password=" + server.password();
        try (PostgresStores stores = PostgresStores.open(url, "", "")) {
            assertThat(stores.notifications().now()).isPositive();
        }
    }

    @Test
    void aWrongPasswordIsToldWithoutRepeatingIt() {
        Throwable refusal = catchThrowable(() -> PostgresStores.open(server.url(), server.user(), "a-wrong-password"));
        assertThat(refusal).isInstanceOf(StoreException.class).hasMessageContaining("authentication");
        assertThat(everythingSaid(refusal)).doesNotContain("a-wrong-password");
    }

    @Test
    void aUrlThatIsNoneIsRefusedWithoutRepeatingIt() {
        Throwable refusal = catchThrowable(() -> open("jdbc:mysql://localhost/rung?password=hunter2"));
        assertThat(refusal).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("jdbc:postgresql://");
        assertThat(everythingSaid(refusal)).doesNotContain("hunter2");
    }

    @Test
    void anUnreachableServerIsToldWithinSeconds() {
        assertThatThrownBy(() -> open("jdbc:postgresql://127.0.0.1:1/rung"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void whatARefusedRowHeldIsNotSaid() {
        try (PostgresScene scene = new PostgresScene()) {
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
        try (PostgresScene scene = new PostgresScene();
                PostgresStores other = scene.open()) {
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
