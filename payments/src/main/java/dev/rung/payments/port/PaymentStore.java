package dev.rung.payments.port;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores payments, their timelines, callbacks and discrepancies. Thread-safe; every method is one transaction, durable when it returns, and either
 * complete or without effect when it throws {@link dev.rung.core.port.StoreException}.
 *
 * <p>It writes to the same database as the {@link dev.rung.core.port.NotificationStore}, so that a payment's change, its notification and the end of
 * its query are committed together.
 */
public interface PaymentStore {

    /**
     * Stores new payments, each with the delivery of its compensating query and the first entry of its timeline. Returns a result per item; items do
     * not affect each other, except that the second of two with the same number counts as later.
     *
     * @throws dev.rung.core.port.StoreException with {@code isIdTaken} if the id of a payment, query or notification is in use; also thrown by {@link
     *     #change}
     */
    List<CreateResult> create(List<NewPayment> batch);

    /**
     * A payment to create.
     *
     * @param requestDigest SHA-256 of the merchant's request: distinguishes a repetition from another request with the same number
     * @param query the delivery of its compensating query
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from request to store, compared there
    record NewPayment(Payment payment, byte[] requestDigest, NewNotification query, PaymentEvent event) {}

    /** The result of one item of {@link #create}. */
    sealed interface CreateResult {
        /** It is stored, and its query is pending. */
        record Stored() implements CreateResult {}

        /** The merchant has made the same request with this number before; nothing is stored. */
        record Repeated(Payment first) implements CreateResult {}

        /** The merchant has used this number for another request; nothing is stored. */
        record Conflicting(Payment first) implements CreateResult {}
    }

    /**
     * Writes changes, each under the condition that the payment's version equals {@code before.version()}. A batch contains a payment at most once.
     *
     * <ul>
     *   <li>The version is raised by one if {@code after} differs from {@code before}, not counting its own version.
     *   <li>On the change to a final state, the delivery of the query is cancelled.
     *   <li>A discrepancy of the same kind, channel and subject is stored once; a later one is ignored.
     *   <li>A callback with the same channel and body is stored once. If it was stored for an unknown order, it is assigned to this payment with the
     *       new verdict.
     * </ul>
     *
     * @return per item whether it was written
     */
    List<Boolean> change(List<Change> batch);

    /**
     * The consequences of evidence for one payment.
     *
     * @param after equal to {@code before} when only the timeline, a callback or a discrepancy is added
     * @param notification of the result; stored like {@link dev.rung.core.port.NotificationStore#accept}'s, waiting with wake number 1
     */
    record Change(
            Payment before,
            Payment after,
            List<PaymentEvent> events,
            @Nullable StoredCallback callback,
            @Nullable NewNotification notification,
            @Nullable StoredDiscrepancy discrepancy) {

        /** Whether {@code after} differs from {@code before}, not counting the version. */
        public boolean changesPayment() {
            return after.state() != before.state()
                    || !after.expiresAt().equals(before.expiresAt())
                    || !Objects.equals(after.closeRequestedAt(), before.closeRequestedAt())
                    || !after.access().equals(before.access())
                    || !Objects.equals(after.channelTradeNo(), before.channelTradeNo())
                    || !Objects.equals(after.paidAt(), before.paidAt())
                    || after.funds().paid() != before.funds().paid();
        }

        /** Whether the payment becomes final. */
        public boolean becomesFinal() {
            return after.state().isFinal() && !before.state().isFinal();
        }

        /** The latest time of its timeline entries and its callback; empty if it has none. */
        public Optional<Instant> addedAt() {
            return latest(events, callback);
        }
    }

    /** When the latest of these happened. */
    static Optional<Instant> latest(List<PaymentEvent> events, @Nullable StoredCallback callback) {
        Stream<Instant> times = events.stream().map(PaymentEvent::at);
        return (callback == null ? times : Stream.concat(times, Stream.of(callback.receivedAt())))
                .max(Comparator.naturalOrder());
    }

    Optional<Payment> find(PaymentId id);

    Optional<Payment> find(MerchantId merchant, String outTradeNo);

    /** Whether a payment of the merchant is in no final state, or one of its refunds is in progress. */
    boolean hasOpen(MerchantId merchant);

    /**
     * Newest first, or latest paid first if the filter is {@link PaymentFilter#isByTimeOfPayment}. The number of rows read is bounded, so that a page
     * may be shorter than {@code limit}.
     *
     * @param before {@link Page#next} of the previous page; null: from the newest
     */
    Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit);

    /** The conditions of a list; null: any. {@code paidFrom} is inclusive, {@code paidTo} exclusive. */
    record PaymentFilter(
            @Nullable MerchantId merchant,
            @Nullable String outTradeNo,
            @Nullable String channel,
            @Nullable PaymentState state,
            @Nullable Instant paidFrom,
            @Nullable Instant paidTo,
            @Nullable String channelTradeNo,
            @Nullable String attach) {

        /** Without a channel's trade number and {@code attach}. */
        public PaymentFilter(
                @Nullable MerchantId merchant,
                @Nullable String outTradeNo,
                @Nullable String channel,
                @Nullable PaymentState state,
                @Nullable Instant paidFrom,
                @Nullable Instant paidTo) {
            this(merchant, outTradeNo, channel, state, paidFrom, paidTo, null, null);
        }

        /** Whether the list is ordered by time of payment. Payments with one merchant number are too few to need that. */
        public boolean isByTimeOfPayment() {
            return outTradeNo == null
                    && channelTradeNo == null
                    && attach == null
                    && (paidFrom != null || paidTo != null);
        }
    }

    /**
     * A page of a list.
     *
     * @param next {@code before} of the next page; null: this is the last page
     */
    record Page<T, C>(List<T> items, @Nullable C next) {
        /**
         * The page that a query with one row more than the limit found.
         *
         * @param cursor of an item
         */
        public static <T, C> Page<T, C> of(List<T> found, int limit, Function<T, C> cursor) {
            return found.size() <= limit
                    ? new Page<>(found, null)
                    : new Page<>(List.copyOf(found.subList(0, limit)), cursor.apply(found.get(limit - 1)));
        }
    }

    /** A payment's timeline, oldest first, at most {@code limit} entries. */
    List<PaymentEvent> timeline(PaymentId id, int limit);

    /** The callbacks of this payment, oldest first. */
    List<StoredCallback> callbacks(PaymentId id, int limit);

    /**
     * Stores a callback that could not be verified. Of the channel's callbacks of this kind above {@code keep}, the oldest of the group with the most are
     * deleted: many alike do not push out the others.
     *
     * @param group what is alike: the cause and the sender
     */
    void storeUnverified(StoredCallback callback, String group, int keep);

    /**
     * The last callbacks of a channel that could not be verified, newest first.
     *
     * @param before limits them to smaller ids
     */
    List<StoredCallback> unverified(String channel, long before, int limit);

    /**
     * Stores a verified callback of an unknown order with its discrepancy, or with the existing one of the same kind, channel and subject. A callback
     * with the same channel and body is stored once.
     */
    void storeOrphan(StoredCallback callback, StoredDiscrepancy discrepancy);

    /** Callbacks of unknown orders with an open discrepancy and ids greater than {@code after}, oldest first. */
    List<OrphanCallback> orphans(long after, int limit);

    /** A callback of an order that was unknown when it arrived, and its discrepancy. */
    record OrphanCallback(StoredCallback callback, StoredDiscrepancy discrepancy) {}

    /** Stores discrepancies, except those whose kind, channel and subject exist already. Returns per item whether it is new. */
    List<Boolean> report(List<StoredDiscrepancy> discrepancies);

    /** Newest first; open ones only, or all. */
    Page<StoredDiscrepancy, DiscrepancyId> discrepancies(boolean openOnly, @Nullable DiscrepancyId before, int limit);

    /** Discrepancies of a payment, newest first; open ones only, or all. */
    Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit);

    /** Open discrepancies, counted up to {@code max}. */
    int openDiscrepancies(int max);

    Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id);

    /** Stores a request to settle an open discrepancy; false if it is unknown, was resolved, is claimed, or has one already. */
    boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request);

    /** Removes the request of an open discrepancy; false if it has none or is claimed. */
    boolean withdrawAcceptance(DiscrepancyId id, Instant now);

    /** Claims an open discrepancy for its settlement; false if it is unknown, was resolved, is claimed for another one, or its request does not fit. */
    boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim);

    /** Ends the claim of an open discrepancy that was not settled; without effect if it is not claimed for this. */
    void release(DiscrepancyId id, Acceptance acceptance);

    /**
     * Resolves an open discrepancy; false if it is unknown, was resolved before, or is claimed. With an {@link StoredDiscrepancy.Resolution#accepted}
     * it has to be claimed for that.
     */
    boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution);

    /** The number of payments in each state; maintained with every change, not computed by a scan. */
    Map<PaymentState, Long> countByState();

    /**
     * Deletes the timelines and callbacks of final payments to which nothing was added since this time, and the callbacks of unknown orders whose
     * discrepancy was resolved before this time. Payments and discrepancies are kept until {@link #purgeRecords}, because a merchant must not use a
     * number again and a bill may arrive late.
     *
     * @return the number of payments and unknown orders affected, at most {@code limit}; fewer: none are left
     */
    int purge(Instant before, int limit);

    /**
     * Deletes payments that were created before this time, with their timelines, callbacks, refunds and discrepancies; and discrepancies of no payment
     * that were created and resolved before this time. Payments that are not final, have a refund in progress or an open discrepancy are kept.
     *
     * @return the number of payments and of discrepancies of no payment deleted, at most {@code limit}; fewer: none are left
     */
    int purgeRecords(Instant before, int limit);

    /** The greatest id of a payment, refund, event, callback or discrepancy, or 0; the ids of a new process are greater. */
    long lastId();
}
