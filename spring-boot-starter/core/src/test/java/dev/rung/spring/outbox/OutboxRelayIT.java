package dev.rung.spring.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.NewNotification;
import dev.rung.client.Notification;
import dev.rung.client.NotificationFilter;
import dev.rung.client.Page;
import dev.rung.client.Retries;
import dev.rung.client.RungClient;
import dev.rung.spring.outbox.OutboxRelay.Settings;
import dev.rung.test.RecordingMerchant;
import dev.rung.test.RungExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The relay with real databases and a real server. */
class OutboxRelayIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @RegisterExtension
    static final RungExtension RUNG = new RungExtension();

    private static RungClient client() {
        return RungClient.builder()
                .server(RUNG.server().url())
                .key(RUNG.server().apiKey())
                .retries(Retries.NONE)
                .build();
    }

    private static OutboxRelay relay(DriverManagerDataSource database, int batchSize) {
        OutboxRelay relay = new OutboxRelay(
                database,
                client(),
                new Settings(batchSize, Duration.ofMillis(50), Duration.ofSeconds(5)),
                InstantSource.system());
        relay.start();
        return relay;
    }

    private static Outbox outbox(DriverManagerDataSource database) {
        Outbox outbox = new Outbox(database, RUNG.merchant().id(), InstantSource.system(), () -> {});
        outbox.createTable();
        return outbox;
    }

    private static TransactionTemplate transaction(DriverManagerDataSource database) {
        return new TransactionTemplate(new DataSourceTransactionManager(database));
    }

    private static List<Notification> accepted(String prefix) {
        return Page.all(c -> client().notifications(
                                NotificationFilter.ANY.ofMerchant(
                                        RUNG.merchant().id()),
                                c))
                .filter(n -> String.valueOf(n.orderNo()).startsWith(prefix))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void twoRelaysSubmitEachOnceAndThoseOfAnOrderInTheirOrder(TestDatabase kind) throws Exception {
        DriverManagerDataSource database = kind.create();
        Outbox outbox = outbox(database);
        String prefix = kind + "-";
        int orders = 10;
        int steps = 10;
        for (int step = 0; step < steps; step++) {
            String payload = "{\"step\":" + step + "}";
            transaction(database).executeWithoutResult(status -> {
                for (int order = 0; order < orders; order++) {
                    outbox.add(outbox.notification(payload)
                            .withOrderNo(prefix + order)
                            .withEventType("step"));
                }
            });
        }
        transaction(database).executeWithoutResult(status -> {
            outbox.add(outbox.notification("\"never\"").withOrderNo(prefix + "0"));
            status.setRollbackOnly();
        });
        try (OutboxRelay one = relay(database, 7);
                OutboxRelay two = relay(database, 5)) {
            await().atMost(AT_MOST).until(() -> outbox.state().waiting() == 0);
            assertThat(one.submitted() + two.submitted()).isEqualTo((long) orders * steps);
        }
        List<RecordingMerchant.Received> received = RUNG.merchant().await(orders * steps, AT_MOST);
        assertThat(received)
                .hasSize(orders * steps)
                .extracting(RecordingMerchant.Received::id)
                .doesNotHaveDuplicates();
        RungClient rung = client();
        Map<String, List<String>> payloads = accepted(prefix).stream()
                .collect(Collectors.groupingBy(
                        n -> String.valueOf(n.orderNo()),
                        Collectors.mapping(n -> new String(rung.payload(n.id())), Collectors.toList())));
        List<String> expected = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            expected.add("{\"step\":" + step + "}");
        }
        assertThat(payloads)
                .hasSize(orders)
                .allSatisfy((order, sent) -> assertThat(sent).isEqualTo(expected));
    }

    @ParameterizedTest
    @EnumSource
    void aPoisonRowIsSetAsideAndTheOthersGoOn(TestDatabase kind) {
        DriverManagerDataSource database = kind.create();
        Outbox outbox = outbox(database);
        transaction(database).executeWithoutResult(status -> {
            outbox.add(outbox.notification("1"));
            outbox.add(NewNotification.to("mch_0000000000000", "2"));
            outbox.add(outbox.notification("3").withUrl("no URL"));
            outbox.add(outbox.notification("4"));
        });
        try (OutboxRelay relay = relay(database, 100)) {
            await().atMost(AT_MOST).until(() -> outbox.state().waiting() == 0);
            assertThat(relay.trouble()).isNull();
        }
        assertThat(RUNG.merchant().await(2, AT_MOST))
                .extracting(RecordingMerchant.Received::body)
                .containsExactlyInAnyOrder("1", "4");
        assertThat(outbox.failed(10))
                .extracting(FailedNotification::payload, f -> f.error().substring(0, 4))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("2", "422 "),
                        org.assertj.core.api.Assertions.tuple("3", "422 "));
    }

    @ParameterizedTest
    @EnumSource(value = TestDatabase.class, names = "POSTGRESQL")
    void whileTheServerIsAwayEverythingWaits(TestDatabase kind) {
        DriverManagerDataSource database = kind.create();
        Outbox outbox = outbox(database);
        RUNG.server().kill();
        try (OutboxRelay relay = relay(database, 100)) {
            transaction(database).execute(status -> outbox.add(outbox.notification("1")));
            await().atMost(AT_MOST).until(() -> relay.trouble() != null);
            assertThat(outbox.state().waiting()).isEqualTo(1);
            RUNG.server().restart();
            assertThat(RUNG.merchant().await(1, AT_MOST))
                    .extracting(RecordingMerchant.Received::body)
                    .containsExactly("1");
            await().atMost(AT_MOST)
                    .until(() -> relay.trouble() == null && outbox.state().waiting() == 0);
        }
    }
}
