package dev.rung.core.port;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queries for the API and the console; deliveries do not use it. Thread-safe; the number of rows that a call reads is bounded. A {@linkplain
 * DeliveryKind#CHANNEL_QUERY channel query} is found by its id, with its attempts, and is otherwise neither listed nor counted.
 */
public interface NotificationCatalog {

    Optional<NotificationDetail> find(NotificationId id);

    /** In the order of recording. */
    List<Attempt> attempts(NotificationId id);

    /** {@link #find} and {@link #attempts} in one snapshot, so that state and attempts are consistent. */
    Optional<Whole> whole(NotificationId id);

    /** A notification with its attempts. */
    record Whole(NotificationDetail notification, List<Attempt> attempts) {}

    /** The further notifications of the event whose first one this is, oldest first; those that are still stored. */
    List<Also> also(MerchantId merchant, NotificationId first);

    /** A further notification of an event. */
    record Also(NotificationId id, EndpointId endpoint) {}

    /** The notification accepted under this key with the same digest; empty if the key is unused or was used with another digest. */
    Optional<NotificationId> findAccepted(MerchantId merchant, Idempotency idempotency);

    /**
     * Newest first. A page may be shorter than {@code limit}, even empty, and still have a cursor for the next page, because the number of rows
     * read is bounded.
     */
    Page search(Filter filter, @Nullable NotificationId before, int limit);

    /**
     * One page.
     *
     * @param next {@code before} of the next page; null: this is the last page
     */
    record Page(List<NotificationDetail> data, @Nullable NotificationId next) {}

    /**
     * The conditions of a search; null: any.
     *
     * @param createdFrom inclusive, epoch milliseconds
     * @param createdTo exclusive, epoch milliseconds
     */
    record Filter(
            @Nullable MerchantId merchant,
            @Nullable EndpointId endpoint,
            @Nullable String orderNo,
            @Nullable DeliveryState state,
            @Nullable String eventType,
            @Nullable Long createdFrom,
            @Nullable Long createdTo) {
        /** Of any receiver. */
        public Filter(
                @Nullable MerchantId merchant,
                @Nullable String orderNo,
                @Nullable DeliveryState state,
                @Nullable String eventType,
                @Nullable Long createdFrom,
                @Nullable Long createdTo) {
            this(merchant, null, orderNo, state, eventType, createdFrom, createdTo);
        }

        public static final Filter ANY = new Filter(null, null, null, null, null, null, null);
    }

    /**
     * A merchant's notifications in a stable order: new ones appear only after those already listed.
     *
     * @param after the opaque cursor of the last item seen; null: from the beginning
     * @throws IllegalArgumentException if it is not a cursor of this store; the message continues a sentence that begins with the field's name
     */
    List<Event> events(MerchantId merchant, @Nullable String after, int limit);

    /** An item of {@link #events} with its cursor. */
    record Event(NotificationDetail notification, String cursor) {}

    /** Counts that are maintained with every change, not computed by a scan. */
    Counts counts();

    /**
     * The numbers of stored notifications.
     *
     * @param byState all of them
     * @param waitingByRung waiting ones by ladder ({@code ""} for inline ladders) and rung
     */
    record Counts(Map<DeliveryState, Long> byState, Map<Rung, Long> waitingByRung) {}

    /** A rung of a ladder: {@code step} attempts have been made on this pass. */
    record Rung(String ladder, int step) {}

    /** Due time of the longest overdue delivery that is not parked, epoch milliseconds; null if there is none. */
    @Nullable Long oldestOverdue();
}
