package dev.rung.core.port;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Park;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores notifications, deliveries and attempts. All decisions about a delivery are based on its record here. Thread-safe; every method is
 * one transaction, durable when it returns, and either complete or without effect when it throws {@link StoreException}.
 *
 * <p>A batch may be in any order: the store locks rows in id order, so that two batches cannot deadlock, and returns results in the order
 * given. A batch contains a notification at most once.
 *
 * <p>Times are epoch milliseconds. "Raises the number" means: adds one to the delivery's wake number, which makes all earlier wakes
 * stale. An attempt is pending when {@code nextAttemptAt} is not null.
 */
public interface NotificationStore {

    /**
     * Stores notifications, each with the further ones of its event, in the state waiting with wake number 1. Returns a result per item; items do
     * not affect each other.
     */
    List<Acceptance> accept(List<NewNotification> batch);

    /** The result of one item of {@link #accept}. */
    sealed interface Acceptance {
        /** It is stored with the further ones of its event, and their first attempts are pending. */
        record Stored(NewNotification notification) implements Acceptance {
            public NotificationId id() {
                return notification.id();
            }
        }

        /** The same idempotency key was accepted before with the same digest; nothing is stored. */
        record Repeated(NotificationId first) implements Acceptance {}

        /** The idempotency key was accepted before with another digest; nothing is stored. */
        record Conflicting(NotificationId first) implements Acceptance {}
    }

    /**
     * The deliveries with these ids, in the order given; null where there is none (purged, or unknown). {@link Delivery#heldByOrder} is
     * computed for ordered ones only: whether a delivery to the same receiver and of the same order number, accepted earlier, still holds its
     * order. Payloads up to {@link Delivery#PAYLOAD_INLINE_MAX} are included.
     */
    List<@Nullable Delivery> findDeliveries(List<NotificationId> ids);

    /** The payload's bytes; null if the notification no longer exists. */
    byte @Nullable [] payload(NotificationId id);

    /**
     * Writes the ends of attempts. Returns a result per item.
     *
     * <ul>
     *   <li>If the number equals the wake's and an attempt is pending, the delivery changes as {@link Settlement#next()} says, {@code rung}
     *       and {@code attemptsMade} rise by one ({@code attemptsMade} to at least the attempt's number), or, for {@link
     *       NextStep.Throttled}, the count of throttled attempts does, of which the latest {@value Delivery#THROTTLED_KEPT} are kept. The
     *       number is raised, {@code hold}, {@code urgent} and {@code mayRepeat} are cleared, {@code holdsOrder} too when the state is no
     *       longer waiting, and the attempt is inserted. The resend of a delivered one does not change when it was delivered.
     *   <li>If the number has changed and the attempt was acknowledged, a waiting, exhausted or cancelled delivery becomes delivered, no
     *       attempt is pending, the number is raised, {@code attemptsMade} becomes at least the attempt's number, the same marks are
     *       cleared, and the attempt is inserted. A delivered one: see the next case.
     *   <li>If the number has changed otherwise, the attempt is inserted as superseded and the delivery does not change.
     *   <li>If an attempt with this id exists, this settlement was written before. The result is the same as then, as far as the record still
     *       shows it.
     * </ul>
     */
    List<Settled> settle(List<Settlement> batch);

    /** The result of one item of {@link #settle}. */
    sealed interface Settled {
        /**
         * The delivery changed.
         *
         * @param next the wake to schedule, with the raised number; null when no attempt is pending or the wake's location is not the queue
         * @param released it was ordered, and no longer holds back later ones of its order
         */
        record Applied(@Nullable Wake next, boolean released) implements Settled {}

        /** The delivery had changed before; the attempt is recorded as superseded. */
        record Superseded() implements Settled {}

        /** The delivery no longer exists; nothing is recorded. */
        record Gone() implements Settled {}
    }

    /**
     * Parks deliveries: if the number equals the wake's and an attempt is pending, sets the location and raises the number; {@code
     * nextAttemptAt} does not change. With {@link WakeLocation#HELD_BY_ORDER}, only while a predecessor is not settled.
     *
     * @return per item whether it is parked now
     */
    List<Boolean> park(List<Park> batch, WakeLocation wakeLocation);

    /**
     * An item of {@link #park}.
     *
     * @param since when it was first held back, epoch milliseconds; the record keeps an earlier time
     */
    record Park(Wake wake, HoldReason reason, long since) {}

    /**
     * Unparks the deliveries that have waited longest for a slot of this bulkhead ({@link WakeLocation#HELD_BY_BULKHEAD}): sets the location to
     * queued and raises the number. The caller attempts them.
     *
     * @return at most {@code limit}, oldest due first, as {@link #findDeliveries} would show them after the change
     */
    List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit);

    /** How many deliveries are held for a slot of this bulkhead; at most {@code max}. */
    int countHeld(BulkheadKey bulkhead, int max);

    /**
     * Unparks ordered deliveries that no predecessor holds back any more, of one order to a receiver, or (both null) of all: sets the location to
     * queued and raises the number. The caller attempts them.
     *
     * @return at most {@code limit}, as {@link #findDeliveries} would show them after the change
     */
    List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit);

    /** Bulkheads with parked deliveries, greater than {@code after}, in order; null: from the first. */
    List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit);

    /**
     * The wakes of pending deliveries with location queued, in due order, from after the given position up to {@code dueUntil} inclusive.
     *
     * @param after the last wake of the previous page, of which only due time and id count; null: from the beginning
     */
    List<Wake> queued(@Nullable Wake after, long dueUntil, int limit);

    /**
     * Raises the numbers of lost wakes: if the number equals the wake's, an attempt is pending and the location is queued.
     *
     * @param mayRepeat whether an unrecorded attempt may have been sent: if so, {@code mayRepeat} is set, else it does not change
     * @return the wakes to schedule, with raised numbers and the records' due times, without those that had changed
     */
    List<Wake> rearm(List<Wake> lost, boolean mayRepeat);

    /**
     * Promotes deferred deliveries that are due until {@code dueUntil}, earliest first: sets the location to queued and raises the
     * number.
     *
     * @return the wakes to schedule
     */
    List<Wake> promoteDeferred(long dueUntil, int limit);

    /**
     * Makes an attempt due now, at a user's request. A delivered notification gets one more attempt and stays delivered; any other becomes
     * waiting and restarts its ladder, with {@code attemptsMax} = attempts made + steps + 1. The number is raised, {@code holdsOrder} is
     * cleared, and the location is queued.
     *
     * @param urgent whether they wait for no throttle and no rate
     * @param url where they go instead of where they were addressed to; null: as they were addressed
     * @return per id the wake to schedule; null if there is no such notification
     */
    List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now);

    /** Cancels a waiting notification: no attempt is pending, the number is raised, and {@code holdsOrder} is cleared. */
    Cancellation cancel(NotificationId id, long now);

    /** The result of {@link #cancel}. */
    enum Cancellation {
        CANCELLED,
        /** It was settled before; nothing changed. */
        ALREADY_SETTLED,
        UNKNOWN
    }

    /**
     * Deletes notifications that were settled before this time and have no pending attempt, with their payloads and attempts. One with an
     * idempotency key is kept for at least 24 h, and as long as any other of its event.
     *
     * @return the number deleted; fewer than {@code limit}: none are left
     */
    int purge(long settledBefore, int limit);

    /** The greatest id of a notification or an attempt, or 0; the ids of a new process are greater. */
    long lastId();

    /** The time of the database server, or of this machine when embedded. */
    long now();
}
