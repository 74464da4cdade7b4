package dev.rung.spring.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.client.Ladder;
import dev.rung.client.NewNotification;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final NewNotification PAID = NewNotification.to("mch_1", "{\"amount\":12.30}");

    private final JdbcDataSource database = new JdbcDataSource();
    private final OutboxTable table = new OutboxTable(database);
    private final AtomicInteger commits = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final InstantSource clock = () -> now;
    private final Outbox outbox = new Outbox(database, "mch_1", clock, commits::incrementAndGet);
    private TransactionTemplate transaction;

    @BeforeEach
    void createTable() {
        database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
        outbox.createTable();
        outbox.createTable();
    }

    private List<OutboxTable.Row> claim(String owner) throws SQLException {
        return table.claim(owner, now, LEASE, 100);
    }

    @Test
    void whatIsCommittedIsInTheOutboxAsItWasAdded() throws Exception {
        NewNotification full = outbox.notification("{ \"amount\":12.30 , \"茶\":\"🍵\" }")
                .withOrderNo("T1")
                .withEventType("payment.succeeded")
                .withUrl("https://shop.example/")
                .withLadder(Ladder.of(Duration.ofSeconds(1), Duration.ofMillis(1500)))
                .withDeliverAt(Instant.parse("2026-11-24T10:00:00.123Z"))
                .inOrder()
                .withIdempotencyKey("订单-1");
        String generated = transaction.execute(status -> {
            outbox.add(full);
            assertThat(commits).hasValue(0);
            return outbox.add(PAID.withLadder(Ladder.named("doubling")));
        });
        assertThat(commits).hasValue(2);
        assertThat(claim("a"))
                .extracting(OutboxTable.Row::notification)
                .containsExactly(full, PAID.withLadder(Ladder.named("doubling")).withIdempotencyKey(generated));
        assertThat(outbox.state()).isEqualTo(new OutboxState(2, 0, now));
    }

    @Test
    void whatIsRolledBackIsNot() {
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    outbox.add(PAID);
                    throw new IllegalStateException("no tea left");
                }))
                .hasMessage("no tea left");
        assertThat(outbox.state()).isEqualTo(new OutboxState(0, 0, null));
        assertThat(commits).hasValue(0);
    }

    @Test
    void withoutATransactionNothingIsAdded() {
        assertThatThrownBy(() -> outbox.add(PAID)).hasMessageContaining("in a transaction");
    }

    @Test
    void whatRungWouldRefuseFailsTheTransaction() {
        assertThatThrownBy(() -> transaction.execute(status -> outbox.add(NewNotification.to("mch_1", "{"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("payload is not JSON");
    }

    @Test
    void aClaimedRowIsOthersOnlyAfterTheLease() throws Exception {
        transaction.execute(status -> outbox.add(PAID));
        assertThat(claim("a")).hasSize(1);
        assertThat(claim("b")).isEmpty();
        now = now.plus(LEASE);
        assertThat(claim("b")).hasSize(1);
    }

    @Test
    void aLaterRowOfAnOrderWaitsForTheEarlierOne() throws Exception {
        transaction.executeWithoutResult(status -> {
            for (String order : List.of("T1", "T1", "T2")) {
                outbox.add(PAID.withOrderNo(order));
            }
            outbox.add(PAID);
            outbox.add(PAID);
        });
        List<OutboxTable.Row> first = claim("a");
        assertThat(first).extracting(r -> r.notification().orderNo()).containsExactly("T1", "T2", null, null);
        assertThat(claim("b")).isEmpty();
        table.delete(first.stream().map(OutboxTable.Row::id).toList());
        assertThat(claim("b")).extracting(r -> r.notification().orderNo()).containsExactly("T1");
    }

    @Test
    void aRowThatIsSetAsideHoldsUpNoOtherAndIsShownRetriedOrDiscarded() throws Exception {
        transaction.executeWithoutResult(status -> {
            outbox.add(PAID.withOrderNo("T1"));
            outbox.add(PAID.withOrderNo("T1"));
        });
        long poison = claim("a").get(0).id();
        table.setAside("a", poison, "422 x".repeat(1_000));
        assertThat(claim("b")).hasSize(1);
        assertThat(outbox.failed(10)).singleElement().satisfies(f -> {
            assertThat(f.id()).isEqualTo(poison);
            assertThat(f.orderNo()).isEqualTo("T1");
            assertThat(f.error()).startsWith("422 x").hasSize(1_000);
        });
        assertThat(outbox.retry(poison)).isTrue();
        assertThat(outbox.retry(poison)).isFalse();
        assertThat(claim("c")).extracting(OutboxTable.Row::id).containsExactly(poison);
        table.setAside("c", poison, "422");
        assertThat(outbox.discard(poison)).isTrue();
        assertThat(outbox.state().failed()).isZero();
    }

    @Test
    void eachDatabaseHasItsSchema() {
        for (OutboxDatabase each : OutboxDatabase.values()) {
            assertThat(each.schema())
                    .isNotEmpty()
                    .first()
                    .asString()
                    .startsWith("CREATE TABLE IF NOT EXISTS rung_outbox");
        }
    }
}
