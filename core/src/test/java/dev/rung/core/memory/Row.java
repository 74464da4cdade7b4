package dev.rung.core.memory;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Hold;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One notification's record. Not thread-safe: guarded by its store. */
final class Row {
    final NewNotification accepted;
    /** The position of acceptance, which orders the event feed and ordered notifications. */
    final long position;

    final List<Attempt> attempts = new ArrayList<>();
    int number = 1;
    DeliveryState state = DeliveryState.WAITING;
    WakeLocation wakeLocation;

    @Nullable Long nextAttemptAt;

    int rung;
    int attemptsMade;
    int attemptsMax;
    boolean mayRepeat;
    boolean holdsOrder;
    /** Where it goes, or went, instead of where it was accepted for. */
    @Nullable String url;

    int throttledCount;

    @Nullable Long throttledSince;

    @Nullable Hold hold;

    boolean urgent;

    @Nullable Long settledAt;

    Row(NewNotification accepted, long position) {
        this.accepted = accepted;
        this.position = position;
        this.wakeLocation = accepted.wakeLocation();
        this.nextAttemptAt = accepted.dueAt();
        this.attemptsMax = accepted.ladder().attemptsMax();
        this.holdsOrder = accepted.ordered();
        this.urgent = accepted.urgent();
    }

    NotificationId id() {
        return accepted.id();
    }

    BulkheadKey bulkhead() {
        return delivery(false).bulkhead();
    }

    boolean isOwed() {
        return nextAttemptAt != null;
    }

    boolean isCurrent(Wake wake) {
        return isOwed() && number == wake.number();
    }

    Wake wake() {
        if (nextAttemptAt == null) {
            throw new IllegalStateException(id() + " owes nothing");
        }
        return new Wake(id(), number, nextAttemptAt);
    }

    @Nullable Attempt attempt(long id) {
        return attempts.stream().filter(a -> a.id() == id).findFirst().orElse(null);
    }

    private Delivery.Content content() {
        Delivery.Content c = accepted.content();
        return url == null
                ? c
                : new Delivery.Content(url, true, c.orderNo(), c.eventType(), c.event(), c.createdAt(), c.trace());
    }

    Delivery delivery(boolean heldByOrder) {
        return new Delivery(
                id(),
                accepted.receiver(),
                accepted.channel(),
                number,
                state,
                wakeLocation,
                nextAttemptAt,
                rung,
                attemptsMade,
                accepted.ladder(),
                mayRepeat,
                holdsOrder,
                heldByOrder,
                urgent,
                throttledSince,
                hold,
                content(),
                accepted.payload().length <= Delivery.PAYLOAD_INLINE_MAX ? accepted.payload() : null);
    }

    NotificationDetail detail() {
        return new NotificationDetail(
                id(),
                accepted.receiver(),
                accepted.kind(),
                content(),
                accepted.ladder(),
                accepted.ladderName(),
                state,
                wakeLocation,
                rung,
                attemptsMade,
                attemptsMax,
                nextAttemptAt,
                accepted.ordered(),
                settledAt,
                throttledCount,
                hold);
    }

    /** Keeps the latest throttled attempts. */
    void forgetThrottled() {
        List<Attempt> throttled = attempts.stream()
                .filter(a -> a.outcome() == Outcome.THROTTLED)
                .sorted(Comparator.comparingLong(Attempt::id))
                .toList();
        attempts.removeAll(throttled.subList(0, Math.max(0, throttled.size() - Delivery.THROTTLED_KEPT)));
    }
}
