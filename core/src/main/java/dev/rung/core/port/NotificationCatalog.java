package dev.rung.core.port;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reading for people and programs: never on the way of a delivery. Thread-safe; no call scans without a bound. A {@linkplain
 * DeliveryKind#CHANNEL_QUERY channel query} is found by its id, with its attempts, and is otherwise neither listed nor counted.
 */
public interface NotificationCatalog {

    Optional<NotificationDetail> find(NotificationId id);

    /** In the order they were recorded. */
    List<Attempt> attempts(NotificationId id);

    /** {@link #find} and {@link #attempts} as of one moment: nobody is shown an acknowledged attempt of one that still waits. */
    Optional<Whole> whole(NotificationId id);

    /** A notification with its attempts. */
    record Whole(NotificationDetail notification, List<Attempt> attempts) {}

    /** What was accepted under that key with those very bytes; empty where the key is free, or was used for others. */
    Optional<NotificationId> acceptedUnder(MerchantId merchant, Idempotency idempotency);

    /** Newest first. A page may come short, even empty, with a cursor to go on from: at most {@code scanMax} rows are looked at. */
    Page search(Filter filter, @Nullable NotificationId before, int limit);

    /**
     * One page.
     *
     * @param next go on below this; null: the end is reached
     */
    record Page(List<NotificationDetail> data, @Nullable NotificationId next) {}

    /**
     * What to look for; null means any.
     *
     * @param createdFrom inclusive, epoch milliseconds
     * @param createdTo exclusive, epoch milliseconds
     */
    record Filter(
            @Nullable MerchantId merchant,
            @Nullable String orderNo,
            @Nullable NotificationState state,
            @Nullable String eventType,
            @Nullable Long createdFrom,
            @Nullable Long createdTo) {
        public static final Filter ANY = new Filter(null, null, null, null, null, null);
    }

    /**
     * A merchant's notifications in an order in which nothing can appear before what was already listed.
     *
     * @param after the cursor of the last item seen, or null to begin; opaque
     * @throws IllegalArgumentException if it is no cursor of this store's; the message goes on from the field's name
     */
    List<Event> events(MerchantId merchant, @Nullable String after, int limit);

    /** An item of {@link #events} and the cursor that stands for it. */
    record Event(NotificationDetail notification, String cursor) {}

    /** Counts kept as changes are made, never by scanning. */
    Counts counts();

    /**
     * How many notifications there are.
     *
     * @param byState all that are kept
     * @param waitingByRung by ladder's name ({@code ""} for inline ones) and rung, those waiting
     */
    record Counts(Map<NotificationState, Long> byState, Map<Rung, Long> waitingByRung) {}

    /** A rung of a ladder: {@code step} attempts have been made on this climb. */
    record Rung(String ladder, int step) {}

    /** Due time of the longest overdue that is not parked, or null. */
    @Nullable Long oldestOwed();
}
