package dev.rung.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStore.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertReporterTest {
    private static final MerchantId TEA_HOUSE = new MerchantId(4_711);
    private static final AlertSettings SLACK = new AlertSettings("https://chat.example/", AlertFormat.SLACK, null);

    private long now = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private final MemoryNotificationStore store = new MemoryNotificationStore(() -> Instant.ofEpochMilli(now));
    private final MemoryMerchantStore merchants = new MemoryMerchantStore();
    private final List<NewNotification> sent = new ArrayList<>();
    private final Outbox outbox = new Outbox();

    @BeforeEach
    void merchant() {
        merchants.insert(new Merchant(
                TEA_HOUSE, "Tea House", Receiver.of(null, Receiver.Keys.of(Signing.HMAC, new byte[0], null)), now, 0));
    }

    private AlertReporter reporter(AlertStore alerts, @Nullable AlertSettings settings) {
        return new AlertReporter(alerts, store, outbox, merchants, () -> Instant.ofEpochMilli(now), settings);
    }

    private void exhaust(int count) {
        for (int i = 0; i < count; i++) {
            store.alerts().add(AlertKind.NOTIFICATIONS_EXHAUSTED, Long.toString(TEA_HOUSE.value()), 1, null, now);
        }
    }

    @Test
    void aHundredThousandExhaustedNotificationsMakeOneMessage() {
        AlertReporter reporter = reporter(store.alerts(), SLACK);
        exhaust(60_000);
        pass(Duration.ofSeconds(30));
        exhaust(40_000);
        reporter.run();
        assertThat(sent).isEmpty();

        pass(Duration.ofSeconds(30));
        reporter.run();
        reporter.run();
        assertThat(sent).hasSize(1);
        NewNotification alert = sent.getFirst();
        assertThat(alert.kind()).isEqualTo(DeliveryKind.ALERT);
        assertThat(alert.ladder().attemptsMax()).isEqualTo(7);
        assertThat(new String(alert.payload(), UTF_8))
                .isEqualTo("{\"type\":\"notifications.exhausted\",\"timestamp\":\"2026-11-23T10:01:00.000Z\",\"data\":{"
                        + "\"text\":\"[Rung] 100000 notifications to Tea House (" + TEA_HOUSE
                        + ") were exhausted in the last 60s: every attempt failed.\",\"merchant_id\":\"" + TEA_HOUSE
                        + "\",\"count\":100000,\"since\":\"2026-11-23T10:00:00.000Z\"}}");
    }

    @Test
    void whatIsExhaustedLaterIsAnotherMessage() {
        AlertReporter reporter = reporter(store.alerts(), SLACK);
        exhaust(1);
        pass(Duration.ofMinutes(1));
        reporter.run();
        exhaust(2);
        pass(Duration.ofSeconds(59));
        reporter.run();
        assertThat(sent).hasSize(1);
        pass(Duration.ofSeconds(1));
        reporter.run();
        assertThat(sent).hasSize(2);
        assertThat(store.alerts().pending(10)).isEmpty();
    }

    @Test
    void aCrashBetweenTheAlertAndItsRecordMakesNoSecondAlert() {
        exhaust(3);
        pass(Duration.ofMinutes(1));
        reporter(new Crashing(), SLACK).run();
        assertThat(sent).hasSize(1);

        // After the restart; and another server at the same time.
        reporter(store.alerts(), SLACK).run();
        reporter(store.alerts(), SLACK).run();
        assertThat(sent).hasSize(1);
        assertThat(store.alerts().pending(10)).isEmpty();
    }

    @Test
    void whatWasCountedAfterAnAlertWasWrittenIsReportedByTheNext() {
        exhaust(3);
        pass(Duration.ofMinutes(1));
        reporter(new Crashing(), SLACK).run();
        exhaust(4);

        reporter(store.alerts(), SLACK).run();
        assertThat(store.alerts().pending(10)).extracting(Group::count).containsExactly(4L);
        pass(Duration.ofMinutes(1));
        reporter(store.alerts(), SLACK).run();
        assertThat(sent).extracting(AlertReporterTest::count).containsExactly(3, 4);
    }

    private static int count(NewNotification alert) {
        String text = new String(alert.payload(), UTF_8);
        return Integer.parseInt(text.replaceAll("(?s).*\"count\":(\\d+).*", "$1"));
    }

    @Test
    void anAlertThatCannotBeWrittenDoesNotHoldUpTheOthers() {
        store.alerts().add(AlertKind.RECEIVER_NOT_ANSWERING, "not a receiver", 1, "refused", now);
        pass(Duration.ofMinutes(1));
        exhaust(1);
        pass(Duration.ofMinutes(1));
        reporter(store.alerts(), SLACK).run();
        assertThat(sent).hasSize(1);
        assertThat(store.alerts().pending(10))
                .extracting(Group::kind)
                .containsExactly(AlertKind.RECEIVER_NOT_ANSWERING);
    }

    @Test
    void chatsInChinaGetChinese() {
        reporter(store.alerts(), new AlertSettings("https://chat.example/", AlertFormat.DINGTALK, "SEC1"))
                .test();
        assertThat(new String(sent.getFirst().payload(), UTF_8)).contains("[Rung] 测试告警");
    }

    @Test
    void everyKindHasATextInBothLanguages() {
        for (AlertKind kind : AlertKind.values()) {
            String subject = switch (kind) {
                case RECEIVER_NOT_ANSWERING, RECEIVER_RECOVERED -> TEA_HOUSE.toString();
                case NOTIFICATIONS_EXHAUSTED -> Long.toString(TEA_HOUSE.value());
                case DISCREPANCIES_FOUND -> "0";
                case EXPIRES_SOON -> "key:alice";
                default -> "alipay";
            };
            Group group = new Group(kind, subject, 2, now, "a detail");
            String receiver = AlertSubject.of(group, merchants) == null ? null : "Tea House";
            assertThat(AlertText.of(group, receiver, now, false)).doesNotContain("null");
            assertThat(AlertText.of(group, receiver, now, true)).doesNotContain("null");
        }
    }

    @Test
    void withoutAReceiverNothingIsSentAndNothingPilesUp() {
        AlertReporter off = reporter(store.alerts(), null);
        exhaust(5);
        assertThat(off.format()).isEmpty();
        assertThat(off.test()).isEmpty();
        off.run();
        pass(Duration.ofMinutes(1));
        off.run();
        assertThat(sent).isEmpty();
        assertThat(store.alerts().pending(10)).isEmpty();
    }

    private void pass(Duration time) {
        now += time.toMillis();
    }

    /** Dies after it has read. */
    private final class Crashing implements AlertStore {
        @Override
        public void add(AlertKind kind, String subject, long count, @Nullable String detail, long at) {
            store.alerts().add(kind, subject, count, detail, at);
        }

        @Override
        public List<Group> pending(int limit) {
            return store.alerts().pending(limit);
        }

        @Override
        public void reported(Group group, long at) {}
    }

    private final class Outbox implements NotificationOutbox {
        private final Ids ids = new Ids(() -> Instant.ofEpochMilli(now), new Random(1), 0);

        @Override
        public @Nullable NewNotification prepare(NotificationRequest request) {
            return null;
        }

        @Override
        public NewNotification prepareQuery(NotificationRequest r) {
            return new NewNotification(
                    new NotificationId(ids.next(r.merchantId())),
                    ReceiverId.own(r.merchantId()),
                    r.channel(),
                    new Delivery.Content("", true, null, r.eventType(), r.createdAt()),
                    r.payload(),
                    r.ladder(),
                    r.ladderName(),
                    false,
                    false,
                    now,
                    WakeLocation.QUEUED,
                    r.idempotency(),
                    List.of());
        }

        @Override
        public void committed(NewNotification notification) {
            sent.add(notification);
        }

        @Override
        public void changed(NotificationId id) {}

        @Override
        public void makeDueNow(NotificationId id) {}
    }
}
