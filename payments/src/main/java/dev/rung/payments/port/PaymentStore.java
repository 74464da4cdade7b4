package dev.rung.payments.port;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Payments, their story, what channels said, and what needs a person. Thread-safe; every method is one transaction, durable when it
 * returns, and either whole or without effect when it throws {@link dev.rung.core.port.StoreException}.
 *
 * <p>It writes to the same database as the {@link dev.rung.core.port.NotificationStore}: a payment's change, its notification and the end of its query
 * commit together or not at all.
 */
public interface PaymentStore {

    /**
     * Takes payments down, each with the record of its compensating query and the first line of its story. An answer per item; items do not affect each
     * other, but that the same number twice in a batch is as if the second came later.
     *
     * @throws dev.rung.core.port.StoreException with {@code isIdTaken} if a payment's, a query's or a notification's id is in use; this goes for {@link #change} too
     */
    List<CreateResult> create(List<NewPayment> batch);

    /**
     * A payment not known before.
     *
     * @param requestDigest SHA-256 of what the merchant asked for: tells a repetition from another request under the same number
     * @param query the delivery of its compensating query
     */
    @SuppressWarnings("ArrayRecordComponent") // goes from request to store, compared there
    record NewPayment(Payment payment, byte[] requestDigest, NewNotification query, PaymentEvent event) {}

    /** What became of one item of {@link #create}. */
    sealed interface CreateResult {
        /** It is stored, and its query owed. */
        record Stored() implements CreateResult {}

        /** The merchant asked for the same under this number before; nothing is stored. */
        record Repeated(Payment first) implements CreateResult {}

        /** The merchant used this number for something else; nothing is stored. */
        record Conflicting(Payment first) implements CreateResult {}
    }

    /**
     * Writes changes, each only if the payment's version is still {@code before.version()}: otherwise nothing of it is written. The version is raised by one
     * when {@code after} differs from {@code before} (its own version does not matter). When it moves to a final state the query's record is cancelled in the same transaction.
     * A discrepancy of the same kind, channel and subject that is there already is left as it is. A callback with the same channel and body is kept once; one
     * that was kept as a stray is known from then on to speak of this payment, with the new verdict. A batch names a payment at most once.
     *
     * @return per item whether it was written
     */
    List<Boolean> change(List<Change> batch);

    /**
     * What follows from evidence, to be committed as a whole.
     *
     * @param after equal to {@code before} when only the story goes on
     * @param notification tells the merchant the end; waiting, with wake number 1, like {@link dev.rung.core.port.NotificationStore#accept}'s
     */
    record Change(
            Payment before,
            Payment after,
            List<PaymentEvent> events,
            @Nullable StoredCallback callback,
            @Nullable NewNotification notification,
            @Nullable StoredDiscrepancy discrepancy) {

        /** Whether {@code after} differs in anything that may change. */
        public boolean moves() {
            return after.state() != before.state()
                    || !after.expiresAt().equals(before.expiresAt())
                    || !Objects.equals(after.closeRequestedAt(), before.closeRequestedAt())
                    || !Objects.equals(after.payUrl(), before.payUrl())
                    || !Objects.equals(after.channelTradeNo(), before.channelTradeNo())
                    || !Objects.equals(after.paidAt(), before.paidAt());
        }

        /** Whether it is over from now on. */
        public boolean ends() {
            return after.state().isFinal() && !before.state().isFinal();
        }

        /** When what it tells happened; empty if it tells nothing. */
        public Optional<Instant> toldAt() {
            Stream<Instant> told = events.stream().map(PaymentEvent::at);
            return (callback == null ? told : Stream.concat(told, Stream.of(callback.receivedAt())))
                    .max(Comparator.naturalOrder());
        }
    }

    Optional<Payment> find(PaymentId id);

    Optional<Payment> find(MerchantId merchant, String outTradeNo);

    /**
     * Newest first, or latest paid first where the filter is {@link PaymentFilter#isByTimeOfPayment}. Looks at a bounded number of rows: a page may come short.
     *
     * @param before where an earlier page of the same list ended
     */
    Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit);

    /** Null: any. {@code paidFrom} inclusive, {@code paidTo} exclusive. */
    record PaymentFilter(
            @Nullable MerchantId merchant,
            @Nullable String outTradeNo,
            @Nullable String channel,
            @Nullable PaymentState state,
            @Nullable Instant paidFrom,
            @Nullable Instant paidTo) {

        /** Whether a list of these is in the order of the time of payment; of one number there are too few to need that. */
        public boolean isByTimeOfPayment() {
            return outTradeNo == null && (paidFrom != null || paidTo != null);
        }
    }

    /**
     * Part of a list.
     *
     * @param next where to go on; null at the end
     */
    record Page<T, C>(List<T> items, @Nullable C next) {}

    /** A payment's story, oldest first, at most {@code limit} lines. */
    List<PaymentEvent> story(PaymentId id, int limit);

    /** Callbacks that spoke of this payment, oldest first. */
    List<StoredCallback> callbacks(PaymentId id, int limit);

    /** Keeps a callback that could not be verified; of each channel's, the last {@code keep} stay. */
    void keepUnverified(StoredCallback callback, int keep);

    /**
     * The last callbacks of a channel that could not be verified, newest first.
     *
     * @param before only those with smaller ids
     */
    List<StoredCallback> unverified(String channel, long before, int limit);

    /**
     * Keeps a verified callback of an unknown order with its discrepancy, or with the one of the same kind, channel and subject that is there already; the same
     * bytes of the same channel are kept once.
     */
    void keepStray(StoredCallback callback, StoredDiscrepancy discrepancy);

    /** Callbacks that came for unknown orders and whose discrepancy is open, with ids greater than {@code after}, oldest first. */
    List<Stray> strays(long after, int limit);

    /** A callback of an order that was unknown when it came, and the discrepancy that says so. */
    record Stray(StoredCallback callback, StoredDiscrepancy finding) {}

    /** Stores findings; one of the same kind, channel and subject that is there already is left as it is. Per item whether it is new. */
    List<Boolean> report(List<StoredDiscrepancy> findings);

    /** Newest first; open ones only, or all. */
    Page<StoredDiscrepancy, DiscrepancyId> discrepancies(boolean openOnly, @Nullable DiscrepancyId before, int limit);

    /** Open discrepancies, counted up to {@code max}. */
    int openDiscrepancies(int max);

    Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id);

    /** Ends an open discrepancy; false if it is unknown or was ended before. */
    boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution);

    /** How many payments are in each state; maintained, never scanned. */
    Map<PaymentState, Long> countByState();

    /**
     * Deletes what is told of payments that are over, once nothing was added to it since before then: their story and their callbacks; and the callbacks of unknown
     * orders whose discrepancy was resolved before then. The payments themselves stay, and discrepancies: a merchant's number is not to be used again,
     * and a bill may come late.
     *
     * @return of how many payments and orders, at most {@code limit}; fewer means that none are left
     */
    int purge(Instant before, int limit);

    /** The greatest id given out for payments, events, callbacks and discrepancies, or 0: where a new process's ids begin. */
    long lastId();
}
