package dev.rung.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.memory.MemoryAlertStore;
import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStore.Group;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertWatchTest {
    private static final MerchantId MERCHANT = new MerchantId(4_711);

    private long now = Sample.T0;
    private final MemoryAlertStore alerts = new MemoryAlertStore();
    private final MemoryMetaStore meta = new MemoryMetaStore();
    private final MemoryNotificationStore store = new MemoryNotificationStore(() -> Instant.ofEpochMilli(now));
    private final Map<String, String> channelProblems = new HashMap<>();
    private final List<Expiry> expiring = new ArrayList<>();
    private boolean exists = true;
    private AlertWatch watch = start();

    /** A server, or the same one after a restart. */
    private AlertWatch start() {
        return start(channelProblems);
    }

    private AlertWatch start(Map<String, String> problems) {
        return new AlertWatch(
                alerts,
                meta,
                new AlertWatch.Sources(store.catalog(), () -> problems, () -> expiring, receiver -> exists),
                () -> Instant.ofEpochMilli(now));
    }

    private void attempted(AlertWatch by, Outcome outcome) {
        Attempt attempt = new Attempt(1, 1, now, now, 5, outcome, null, "no answer within 5s", false, false, null);
        by.on(new FlowEvent.Attempted(
                Sample.of(MERCHANT).build().asDelivery(), attempt, new NextStep.Retry(now + 3_000)));
    }

    /** What was reported since the last call. */
    private List<AlertKind> reported() {
        watch.run();
        List<Group> groups = alerts.pending(10);
        groups.forEach(group -> alerts.reported(group, now));
        now += 1_000;
        return groups.stream().map(Group::kind).toList();
    }

    @Test
    void aReceiverThatStopsAnsweringIsReportedOnceAndSoIsItsRecovery() {
        attempted(watch, Outcome.TIMED_OUT);
        attempted(watch, Outcome.UNREACHABLE);
        assertThat(reported()).isEmpty();
        attempted(watch, Outcome.TIMED_OUT);
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_NOT_ANSWERING);
        attempted(watch, Outcome.TIMED_OUT);
        assertThat(reported()).isEmpty();

        // One answer among failures is no recovery.
        attempted(watch, Outcome.DECLINED);
        assertThat(reported()).isEmpty();
        attempted(watch, Outcome.TIMED_OUT);
        now += 5_000;
        assertThat(reported()).isEmpty();

        attempted(watch, Outcome.ACKNOWLEDGED);
        assertThat(reported()).isEmpty();
        now += 4_000;
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_RECOVERED);
        attempted(watch, Outcome.ACKNOWLEDGED);
        assertThat(reported()).isEmpty();
    }

    @Test
    void aRecoveryIsReportedAfterARestartAndByAnotherServer() {
        for (int i = 0; i < 3; i++) {
            attempted(watch, Outcome.UNREACHABLE);
        }
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_NOT_ANSWERING);
        watch = start();
        assertThat(reported()).isEmpty();
        for (int i = 0; i < 3; i++) {
            attempted(watch, Outcome.UNREACHABLE);
        }
        assertThat(reported()).isEmpty();
        attempted(watch, Outcome.ACKNOWLEDGED);
        now += 5_000;
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_RECOVERED);
    }

    @Test
    void anotherServersCountStartsAgainAfterARecovery() {
        AlertWatch other = start();
        for (int i = 0; i < 3; i++) {
            attempted(watch, Outcome.UNREACHABLE);
            attempted(other, Outcome.UNREACHABLE);
        }
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_NOT_ANSWERING);
        other.run();
        attempted(watch, Outcome.ACKNOWLEDGED);
        now += 5_000;
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_RECOVERED);
        other.run();
        attempted(other, Outcome.UNREACHABLE);
        other.run();
        assertThat(reported()).isEmpty();
    }

    @Test
    void whatIsKnownOfADeletedReceiverIsForgotten() {
        for (int i = 0; i < 3; i++) {
            attempted(watch, Outcome.UNREACHABLE);
        }
        assertThat(reported()).containsExactly(AlertKind.RECEIVER_NOT_ANSWERING);
        exists = false;
        now += Duration.ofHours(1).toMillis();
        assertThat(reported()).isEmpty();
        assertThat(meta.keys("alert_open_")).isEmpty();
    }

    @Test
    void aChannelWorksAgainOnceNoServerSeesItFail() {
        Map<String, String> seenByOther = new HashMap<>();
        AlertWatch other = start(seenByOther);
        now += Duration.ofMinutes(5).toMillis();
        channelProblems.put("alipay", "the key is wrong");
        assertThat(reported()).containsExactly(AlertKind.CHANNEL_FAILING);
        for (int i = 0; i < 300; i++) {
            other.run();
            assertThat(reported())
                    .as("one server sees it fail, the other does not")
                    .isEmpty();
        }
        channelProblems.clear();
        seenByOther.put("alipay", "no connection");
        for (int i = 0; i < 300; i++) {
            other.run();
            assertThat(reported()).isEmpty();
        }
        seenByOther.clear();
        List<AlertKind> after = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            other.run();
            after.addAll(reported());
        }
        assertThat(after).containsExactly(AlertKind.CHANNEL_RECOVERED);
    }

    @Test
    void aChannelThatFailedBeforeARestartIsReportedToWork() {
        channelProblems.put("alipay", "the key is wrong");
        assertThat(reported()).containsExactly(AlertKind.CHANNEL_FAILING);
        channelProblems.clear();
        watch = start();
        assertThat(reported()).isEmpty();
        now += Duration.ofMinutes(2).toMillis();
        assertThat(reported()).containsExactly(AlertKind.CHANNEL_RECOVERED);
    }

    @Test
    void whatTheStoreDidNotTakeIsReportedLater() {
        boolean[] fails = {true};
        watch = new AlertWatch(
                new FailingAlertStore(alerts, () -> fails[0]),
                meta,
                new AlertWatch.Sources(store.catalog(), Map::of, List::of, receiver -> true),
                () -> Instant.ofEpochMilli(now));
        watch.submissionRefused("not JSON");
        for (int i = 0; i < 3; i++) {
            attempted(watch, Outcome.UNREACHABLE);
        }
        assertThatThrownBy(watch::run).isInstanceOf(StoreException.class);
        fails[0] = false;
        assertThat(reported())
                .containsExactlyInAnyOrder(AlertKind.RECEIVER_NOT_ANSWERING, AlertKind.SUBMISSIONS_REFUSED);
    }

    private record FailingAlertStore(AlertStore to, BooleanSupplier fails) implements AlertStore {
        @Override
        public void add(AlertKind kind, String subject, long count, @Nullable String detail, long at) {
            if (fails.getAsBoolean()) {
                throw new StoreException("away", new IllegalStateException("away"));
            }
            to.add(kind, subject, count, detail, at);
        }

        @Override
        public List<Group> pending(int limit) {
            return to.pending(limit);
        }

        @Override
        public void reported(Group group, long at) {
            to.reported(group, at);
        }
    }

    @Test
    void overdueDeliveriesAreReportedAndThatTheyAreOnTimeAgain() {
        var late = Sample.of(MERCHANT).build();
        store.accept(List.of(late));
        now += 55_000;
        assertThat(reported()).isEmpty();
        now += 5_000;
        assertThat(reported()).containsExactly(AlertKind.DELIVERIES_OVERDUE);
        assertThat(reported()).isEmpty();
        store.cancel(late.id(), now);
        now += 5_000;
        assertThat(reported()).containsExactly(AlertKind.DELIVERIES_ON_TIME);
    }

    @Test
    void refusedSubmissionsAreCounted() {
        watch.submissionRefused("not JSON");
        watch.submissionRefused("no such merchant");
        watch.run();
        assertThat(alerts.pending(10))
                .containsExactly(new Group(AlertKind.SUBMISSIONS_REFUSED, "", 2, now, "no such merchant"));
        assertThat(reported()).hasSize(1);
        assertThat(reported()).isEmpty();
    }

    @Test
    void whatExpiresWithinTwoWeeksIsReportedOnceForEachTime() {
        expiring.add(Expiry.ofKey("alice", now + Duration.ofDays(15).toMillis()));
        expiring.add(Expiry.ofCertificate("--tls-cert", now + Duration.ofDays(3).toMillis()));
        assertThat(reported()).containsExactly(AlertKind.EXPIRES_SOON);
        now += Duration.ofDays(2).toMillis();
        assertThat(reported()).containsExactly(AlertKind.EXPIRES_SOON);
        now += Duration.ofHours(2).toMillis();
        assertThat(reported()).isEmpty();
        watch = start();
        assertThat(reported()).isEmpty();
        // Another key of that name: the first is replaced by it.
        expiring.add(Expiry.ofKey("alice", now + Duration.ofDays(13).toMillis()));
        now += Duration.ofHours(2).toMillis();
        assertThat(reported()).containsExactly(AlertKind.EXPIRES_SOON);
        now += Duration.ofHours(2).toMillis();
        assertThat(reported()).isEmpty();
        // Renewed, and near its end again.
        expiring.set(
                1, Expiry.ofCertificate("--tls-cert", now + Duration.ofDays(90).toMillis()));
        now += Duration.ofDays(80).toMillis();
        assertThat(reported()).containsExactly(AlertKind.EXPIRES_SOON);
    }
}
