package dev.rung.core.port;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The truth: what is owed, to whom, when next. Thread-safe; every method is one transaction, durable when it returns,
 * and either whole or without effect when it throws {@link StoreException}.
 *
 * <p>Batches may be given in any order; the store touches rows in id order, so that two batches cannot deadlock, and
 * answers in the order given. A batch names a notification at most once.
 *
 * <p>Times are epoch milliseconds. "Raises the number" means: adds one to the record's wake number, so that every wake
 * made before is stale.
 */
public interface NotificationStore {

    /** Stores notifications, waiting, with wake number 1. An answer per item; items do not affect each other. */
    List<Acceptance> accept(List<NewNotification> batch);

    /** What became of one item of {@link #accept}. */
    sealed interface Acceptance {
        /** It is stored and owed. */
        record Stored(NotificationId id) implements Acceptance {}

        /** The same key and the same bytes were accepted before; nothing is stored. */
        record Repeated(NotificationId first) implements Acceptance {}

        /** The key was used for other bytes; nothing is stored. */
        record Conflicting(NotificationId first) implements Acceptance {}
    }

    /**
     * The records with these ids, in the order asked, null where there is none (purged, or never there). {@link
     * Owed#predecessor} is worked out for ordered ones only: whether a record of the same merchant and order number, accepted
     * earlier, still has its {@code ordered} mark. Payloads up to {@link Delivery#PAYLOAD_INLINE_MAX} come along.
     */
    List<@Nullable Delivery> findDeliveries(List<NotificationId> ids);

    /** The payload's bytes, or null if the notification is gone. */
    byte @Nullable [] payload(NotificationId id);

    /**
     * Writes the ends of attempts. An answer per item.
     *
     * <ul>
     *   <li>The number is the wake's, and an attempt is owed: the record moves as {@link Settlement#next()} says, {@code rung} and
     *       {@code attemptsMade} rise by one ({@code attemptsMade} to at least the attempt's number), the number is raised, {@code
     *       mayRepeat} is cleared, the {@code ordered} mark is cleared when the state is no longer waiting, and the
     *       attempt is inserted.
     *   <li>The number has moved and the attempt was acknowledged: a waiting, exhausted or cancelled record becomes delivered, nothing
     *       is owed any more, the number is raised, {@code attemptsMade} becomes at least the attempt's number; the attempt is
     *       inserted. A delivered one: as below.
     *   <li>The number has moved otherwise: the attempt is inserted as superseded and the record is not touched.
     *   <li>An attempt with this id is already there: this settlement was written before; the answer is what it was
     *       then, as far as the record still tells.
     * </ul>
     */
    List<Settled> settle(List<Settlement> batch);

    /** What became of one item of {@link #settle}. */
    sealed interface Settled {
        /**
         * The record moved.
         *
         * @param next the wake to schedule, with the raised number; null when nothing is owed or its place is not the queue
         * @param released this was an ordered one and holds back nobody any more
         */
        record Applied(@Nullable Wake next, boolean released) implements Settled {}

        /** The record had moved before; the attempt is kept as superseded. */
        record Superseded() implements Settled {}

        /** There is no such record any more; nothing is kept. */
        record Gone() implements Settled {}
    }

    /**
     * Parks: where the number is still the wake's and an attempt is owed, the place becomes the given one and the number is
     * raised; {@code nextAttemptAt} stays. With {@link WakeLocation#HELD_BY_ORDER}, only while a predecessor is unsettled.
     *
     * @return per item whether it is parked now
     */
    List<Boolean> park(List<Wake> wakes, WakeLocation wakeLocation);

    /**
     * Takes back the oldest due that are held for a slot of this bulkhead ({@link WakeLocation#HELD_BY_MERCHANT}): location queued, number
     * raised. The caller attempts them.
     *
     * @return at most {@code limit}, oldest due first, as {@link #findDeliveries} would show them after the change
     */
    List<Delivery> pullHeld(BulkheadKey bulkhead, int limit);

    /**
     * Takes back the ordered ones that are parked though no predecessor holds them back any more, of one order, or (both null)
     * of any: place queued, number raised.
     *
     * @return at most {@code limit}, as {@link #findDeliveries} would show them after the change
     */
    List<Delivery> pullReleased(@Nullable MerchantId merchant, @Nullable String orderNo, int limit);

    /** Bulkheads that deliveries are held for, greater than {@code after} (or from the first), in their order. */
    List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit);

    /**
     * What is owed with its place the queue, in due order, from after the given position up to {@code dueUntil} inclusive.
     *
     * @param after the last wake of the page before, or null to begin; only its due time and id matter
     */
    List<Wake> queued(@Nullable Wake after, long dueUntil, int limit);

    /**
     * Gives new numbers to wakes that are lost: where the number is still the wake's, an attempt is owed and the place is the queue, the number is
     * raised.
     *
     * @param mayRepeat whether an attempt may have been cut off without a record: then {@code mayRepeat} is set, else left as it is
     * @return the wakes to schedule, with raised numbers and the records' due times; those that had moved are left out
     */
    List<Wake> rearm(List<Wake> lost, boolean mayRepeat);

    /**
     * Brings what is far and due until {@code dueUntil} to the queue: place queued, number raised, earliest first.
     *
     * @return the wakes to schedule
     */
    List<Wake> promoteDeferred(long dueUntil, int limit);

    /**
     * Owes an attempt at once, by a person's wish: a delivered one gets one attempt more and stays delivered; any other begins its
     * ladder anew, waiting, {@code attemptsMax} = attempts made + steps + 1. The number is raised, the {@code ordered} mark cleared, the place is the queue.
     *
     * @return per id the wake to schedule, null where there is no such notification
     */
    List<@Nullable Wake> resend(List<NotificationId> ids, long now);

    /** Cancels a waiting notification: nothing is owed any more, the number is raised, the {@code ordered} mark cleared. */
    Cancellation cancel(NotificationId id, long now);

    /** What became of {@link #cancel}. */
    enum Cancellation {
        CANCELLED,
        /** It was settled before; nothing changed. */
        ALREADY_SETTLED,
        UNKNOWN
    }

    /**
     * Deletes notifications settled before then and owing nothing, with payloads and attempts; one with an idempotency key only once it is
     * 24 h old.
     *
     * @return how many; fewer than {@code limit} means that none are left
     */
    int purge(long settledBefore, int limit);

    /** The greatest notification or attempt id given out, or 0: where a new process's ids begin. */
    long lastId();

    /** The store's clock. Embedded: the machine's. */
    long now();
}
