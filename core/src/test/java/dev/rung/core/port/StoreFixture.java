package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.NotificationStore.Settled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the contracts of stores are played on: an implementation's test says what the store is, the rest are steps of tests. */
public interface StoreFixture {
    /** Empty at a test's beginning, the same within a test. */
    NotificationStore store();

    /** What {@link #store} holds. */
    NotificationCatalog catalog();

    /** A merchant that notifications may name; ids ascend with {@code n}, from 1. */
    default MerchantId merchant(int n) {
        return new MerchantId(10_000 + n);
    }

    default BulkheadKey bulkhead(int n) {
        return BulkheadKey.own(merchant(n));
    }

    /** Waits for what is written later, for searching only. */
    default void indexed() {}

    default Sample sample() {
        return Sample.of(merchant(1));
    }

    default NotificationId accept(Sample sample) {
        NewNotification n = sample.build();
        assertThat(store().accept(List.of(n))).containsExactly(new Acceptance.Stored(n));
        return n.id();
    }

    default Delivery look(NotificationId id) {
        Delivery delivery = store().findDeliveries(List.of(id)).getFirst();
        assertThat(delivery).as("the record of %s", id).isNotNull();
        return Objects.requireNonNull(delivery);
    }

    default NotificationDetail detail(NotificationId id) {
        return catalog().find(id).orElseThrow();
    }

    /** The wake that is valid now. */
    default Wake wake(NotificationId id) {
        Delivery delivery = look(id);
        return new Wake(id, delivery.wakeNumber(), Objects.requireNonNull(delivery.nextAttemptAt(), "owes nothing"));
    }

    default List<Boolean> park(List<Wake> wakes, WakeLocation wakeLocation) {
        HoldReason reason = wakeLocation == WakeLocation.HELD_BY_ORDER ? HoldReason.ORDER : HoldReason.BULKHEAD;
        return store().park(
                        wakes.stream()
                                .map(wake -> new NotificationStore.Park(wake, reason, Sample.T0 + 7))
                                .toList(),
                        wakeLocation);
    }

    default Settled settle(Settlement settlement) {
        return store().settle(List.of(settlement)).getFirst();
    }

    /** The attempt for this wake failed, the next is due then. */
    default Settlement failure(Wake wake, int number, long nextDueAt) {
        return settlement(wake, number, Outcome.DECLINED, new NextStep.Retry(nextDueAt), WakeLocation.QUEUED);
    }

    default Settlement success(Wake wake, int number) {
        return settlement(wake, number, Outcome.ACKNOWLEDGED, new NextStep.Delivered(), WakeLocation.QUEUED);
    }

    default Settlement lastFailure(Wake wake, int number) {
        return settlement(wake, number, Outcome.TIMED_OUT, new NextStep.Exhausted(), WakeLocation.QUEUED);
    }

    default Settlement settlement(Wake wake, int number, Outcome outcome, NextStep next, WakeLocation wakeLocation) {
        long startedAt = wake.dueAt() + 2;
        Attempt attempt = new Attempt(
                Sample.nextId(startedAt),
                number,
                wake.dueAt(),
                startedAt,
                18,
                outcome,
                answer(outcome),
                outcome == Outcome.ACKNOWLEDGED ? null : "it said no",
                false,
                false,
                null);
        return new Settlement(wake, attempt, next, wakeLocation, null, startedAt + 18);
    }

    private static Attempt.@Nullable Answer answer(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> new Attempt.Answer(200, "content-type: text/plain", Sample.bytes("success"));
            case THROTTLED -> new Attempt.Answer(429, "retry-after: 1", new byte[0]);
            case DECLINED -> new Attempt.Answer(500, "content-type: text/plain", Sample.bytes("fail"));
            case TIMED_OUT, UNREACHABLE, REFUSED -> null;
        };
    }

    /** Brought to delivered by one acknowledged attempt. */
    default NotificationId delivered(Sample sample) {
        NotificationId id = accept(sample);
        settle(success(wake(id), 1));
        return id;
    }

    /** Brought to exhausted by one failed attempt. */
    default NotificationId exhausted(Sample sample) {
        NotificationId id = accept(sample);
        settle(lastFailure(wake(id), 1));
        return id;
    }

    default NotificationId cancelled(Sample sample) {
        NotificationId id = accept(sample);
        assertThat(store().cancel(id, sample.createdAt() + 50)).isEqualTo(NotificationStore.Cancellation.CANCELLED);
        return id;
    }

    default NotificationId parked(Sample sample, WakeLocation wakeLocation) {
        NotificationId id = accept(sample);
        assertThat(park(List.of(wake(id)), wakeLocation)).containsExactly(true);
        return id;
    }
}
