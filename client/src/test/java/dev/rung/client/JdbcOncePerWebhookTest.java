package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.client.OncePerWebhook.Result;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcOncePerWebhookTest {
    private final JdbcDataSource database = new JdbcDataSource();
    private final JdbcOncePerWebhook once = OncePerWebhook.jdbc(database);

    @BeforeEach
    void createTables() throws SQLException {
        database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        execute(JdbcOncePerWebhook.DDL);
        execute("CREATE TABLE shipped (n INT)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    private int shipped() throws SQLException {
        try (Connection connection = database.getConnection();
                ResultSet rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM shipped")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void ship(Connection connection) throws SQLException {
        connection.createStatement().execute("INSERT INTO shipped VALUES (1)");
    }

    @Test
    void theEffectIsCommittedWithTheId() throws Exception {
        assertThat(once.run("a", JdbcOncePerWebhookTest::ship)).isEqualTo(Result.DONE);
        assertThat(once.run("a", JdbcOncePerWebhookTest::ship)).isEqualTo(Result.DONE_BEFORE);
        assertThat(OncePerWebhook.jdbc(database).run("a", JdbcOncePerWebhookTest::ship))
                .isEqualTo(Result.DONE_BEFORE);
        assertThat(shipped()).isEqualTo(1);
    }

    @Test
    void whatFailsIsRolledBackAndRunsAgain() throws Exception {
        assertThatThrownBy(() -> once.run("a", connection -> {
                    ship(connection);
                    throw new IllegalStateException("no tea left");
                }))
                .hasMessage("no tea left");
        assertThat(shipped()).isZero();
        assertThat(once.run("a", JdbcOncePerWebhookTest::ship)).isEqualTo(Result.DONE);
    }

    @Test
    void aRepetitionWaitsForTheFirstOne() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        CompletableFuture<Result> first = CompletableFuture.supplyAsync(() -> once.run("a", connection -> {
            running.countDown();
            await().until(() -> finish.getCount() == 0);
        }));
        running.await();
        CompletableFuture<Result> second = CompletableFuture.supplyAsync(() -> once.run("a", () -> {}));
        finish.countDown();
        assertThat(first.get()).isEqualTo(Result.DONE);
        assertThat(second.get()).isEqualTo(Result.DONE_BEFORE);
    }

    @Test
    void oldIdsAreForgotten() {
        once.run("a", () -> {});
        assertThat(once.deleteBefore(Instant.now().minusSeconds(60))).isZero();
        assertThat(once.deleteBefore(Instant.now().plusSeconds(60))).isEqualTo(1);
        assertThat(once.run("a", () -> {})).isEqualTo(Result.DONE);
    }

    @Test
    void aDatabaseThatFailsIsAnError() throws Exception {
        execute("DROP TABLE rung_webhook");
        assertThatThrownBy(() -> once.run("a", () -> {})).isInstanceOf(JdbcOncePerWebhook.DatabaseException.class);
    }
}
