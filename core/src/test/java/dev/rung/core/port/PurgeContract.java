package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Settled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is deleted when, and where a new process's ids begin. */
public interface PurgeContract extends StoreFixture {
    long LATER = Sample.T0 + 1_000_000;

    @Test
    default void whatWasSettledBeforeIsDeletedWithPayloadAndAttempts() {
        NotificationId delivered = delivered(sample());
        NotificationId exhausted = exhausted(sample());
        NotificationId cancelled = cancelled(sample());

        assertThat(store().purge(LATER, 100)).isEqualTo(3);

        for (NotificationId id : List.of(delivered, exhausted, cancelled)) {
            assertThat(store().findDeliveries(List.of(id))).containsOnlyNulls();
            assertThat(store().payload(id)).isNull();
            assertThat(catalog().find(id)).isEmpty();
            assertThat(catalog().attempts(id)).isEmpty();
        }
        assertThat(store().purge(LATER, 100)).isZero();
    }

    @Test
    default void whatWasSettledSinceIsKept() {
        NotificationId id = accept(sample());
        Settlement success = success(wake(id), 1);
        settle(success);

        assertThat(store().purge(success.endedAt(), 100)).isZero();
        assertThat(store().payload(id)).isNotNull();
        assertThat(store().purge(success.endedAt() + 1, 100)).isEqualTo(1);
    }

    @Test
    default void whatIsOwedIsKept() {
        NotificationId waiting = accept(sample());
        NotificationId resent = delivered(sample());
        NotificationId begunAnew = exhausted(sample());
        store().resend(List.of(resent, begunAnew), null, false, Sample.T0 + 100);

        assertThat(store().purge(LATER, 100)).isZero();

        assertThat(store().findDeliveries(List.of(waiting, resent, begunAnew))).doesNotContainNull();
    }

    @Test
    default void atMostTheLimitIsDeletedAtOnce() {
        for (int i = 0; i < 5; i++) {
            delivered(sample());
        }
        assertThat(store().purge(LATER, 2)).isEqualTo(2);
        assertThat(store().purge(LATER, 2)).isEqualTo(2);
        assertThat(store().purge(LATER, 2)).isEqualTo(1);
        assertThat(store().purge(LATER, 2)).isZero();
    }

    @Test
    default void anIdempotencyKeyIsKeptForADay() {
        long now = store().now();
        long yesterday = now - Duration.ofHours(24).toMillis();
        NotificationId young = delivered(sample().createdAt(yesterday + 600_000)
                .dueAt(yesterday + 600_000)
                .key("young", "body"));
        NotificationId old = delivered(
                sample().createdAt(yesterday - 1_000).dueAt(yesterday - 1_000).key("old", "body"));
        NotificationId keyless =
                delivered(sample().createdAt(yesterday + 600_000).dueAt(yesterday + 600_000));

        assertThat(store().purge(now, 100)).isEqualTo(2);

        assertThat(store().findDeliveries(List.of(old, keyless))).containsOnlyNulls();
        assertThat(look(young)).isNotNull();
        NewNotification again =
                sample().createdAt(now).key("old", "another body").build();
        NewNotification repeat = sample().createdAt(now).key("young", "body").build();
        assertThat(store().accept(List.of(again, repeat)))
                .containsExactly(new Acceptance.Stored(again), new Acceptance.Repeated(young));
    }

    @Test
    default void keysStillKeptDoNotHideWhatCanBeDeleted() {
        long now = store().now();
        for (int i = 0; i < 10; i++) {
            delivered(sample().createdAt(now - 60_000).dueAt(now - 60_000).key("k" + i, "body"));
        }
        for (int i = 0; i < 3; i++) {
            delivered(sample().createdAt(now - 50_000).dueAt(now - 50_000));
        }
        int deleted = 0;
        for (int n = 2; n == 2; deleted += n) {
            n = store().purge(now, 2);
        }
        assertThat(deleted).isEqualTo(3);
    }

    @Test
    default void anAttemptOfADeletedOneIsGone() {
        NotificationId id = accept(sample());
        Wake wake = wake(id);
        store().cancel(id, Sample.T0 + 5);
        store().purge(LATER, 100);

        assertThat(settle(success(wake, 1))).isEqualTo(new Settled.Gone());

        assertThat(catalog().attempts(id)).isEmpty();
    }

    @Test
    default void anEmptyStoreHasGivenOutNoId() {
        assertThat(store().lastId()).isZero();
    }

    @Test
    default void theLastIdIsTheGreatestOfNotificationsAndAttempts() {
        NewNotification greater = sample().createdAt(Sample.T0 + 10).build();
        NewNotification smaller = sample().createdAt(Sample.T0).build();
        store().accept(List.of(greater, smaller));
        assertThat(store().lastId()).isEqualTo(greater.id().value());

        Settlement failure = failure(wake(smaller.id()), 1, Sample.T0 + 60_000);
        settle(failure);
        assertThat(store().lastId())
                .isEqualTo(Math.max(failure.attempt().id(), greater.id().value()));

        Settlement late = failure(wake(smaller.id()), 2, Sample.T0 + 120_000);
        settle(late);
        assertThat(store().lastId()).isEqualTo(late.attempt().id());
    }
}
