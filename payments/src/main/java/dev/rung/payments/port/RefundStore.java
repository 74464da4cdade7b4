package dev.rung.payments.port;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyRefund;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refunds, in the database of the {@link PaymentStore}. Thread-safe; every method is one transaction, durable when it returns, and either complete or without effect when it throws {@link dev.rung.core.port.StoreException}. It keeps {@link Payment.Funds} of each payment in step with its refunds, and raises the
 * version of one that has not succeeded.
 */
public interface RefundStore {

    /**
     * Stores refunds, each with its compensating query and its line of the payment's timeline. One that is asked for here is stored only if the payment's
     * {@link Payment.Funds#refundable} covers it, whatever else is stored at the same time; one that was made at the channel in any case,
     * with its discrepancy if it is not covered.
     *
     * @param batch may contain several refunds of a payment
     * @return one result per refund, in order
     * @throws dev.rung.core.port.StoreException with {@code isIdTaken} if an id is in use; this goes for {@link #change} too
     */
    List<CreateResult> create(List<NewRefund> batch);

    /** Stores one refund, see {@link #create(List)}. */
    default CreateResult create(NewRefund refund) {
        return create(List.of(refund)).getFirst();
    }

    /**
     * A refund that is not known yet.
     *
     * @param requestDigest SHA-256 of what the merchant asked for: distinguishes a repetition from another request under the same number
     * @param query the delivery of its compensating query; null for a refund made at the channel, which has ended
     * @param callback that reported a refund made at the channel
     * @param notification reports a refund made at the channel to the merchant
     * @param ifExceeding stored with a refund made at the channel that is more than the payment's {@link Payment.Funds#refundable}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from request to store, compared there
    record NewRefund(
            Refund refund,
            byte[] requestDigest,
            @Nullable NewNotification query,
            PaymentEvent event,
            @Nullable StoredCallback callback,
            @Nullable NewNotification notification,
            @Nullable StoredDiscrepancy ifExceeding) {

        public PaymentId payment() {
            return refund.terms().payment();
        }
    }

    /** The result of {@link #create}. */
    sealed interface CreateResult {
        /** It is stored. */
        record Stored() implements CreateResult {}

        /** The merchant asked for the same under this number before, or the channel's refund is known; nothing is stored but the callback. */
        record Repeated(Refund first) implements CreateResult {}

        /** The merchant used this number for another refund; nothing is stored. */
        record Conflicting(Refund first) implements CreateResult {}

        /** It is more than can still be refunded; nothing is stored. */
        record Exceeding(Payment payment) implements CreateResult {}
    }

    /**
     * Writes changes, each only if the refund's version is still {@code before.version()}; otherwise nothing of it. The version is raised by one when {@code
     * after} differs from {@code before}. When the refund ends, its query's delivery is cancelled in the same transaction. Callbacks and discrepancies are kept once, as
     * by {@link PaymentStore#change}. The discrepancy that it {@linkplain Change#reopens reopens} is open again, without a claim; if it was resolved, without a
     * request.
     *
     * @param batch may contain several refunds of a payment, and several changes of a refund: they are written in order
     * @return one value per change, in order: whether it was written
     */
    List<Boolean> change(List<Change> batch);

    /** Writes one change, see {@link #change(List)}. */
    default boolean change(Change change) {
        return change(List.of(change)).getFirst();
    }

    /**
     * What follows from evidence, to be committed as a whole.
     *
     * @param notification reports the result to the merchant
     */
    record Change(
            Refund before,
            Refund after,
            List<PaymentEvent> events,
            @Nullable StoredCallback callback,
            @Nullable NewNotification notification,
            @Nullable StoredDiscrepancy discrepancy) {

        public PaymentId payment() {
            return before.terms().payment();
        }

        public boolean changesRefund() {
            return !after.equals(before);
        }

        /** Whether it has ended with this change. */
        public boolean becomesFinal() {
            return after.state().isFinal() && !before.state().isFinal();
        }

        /** The discrepancy that the refund was to settle, if the refund fails with this change. */
        public Optional<DiscrepancyId> reopens() {
            return becomesFinal() && after.state() == RefundState.FAILED
                    ? DiscrepancyRefund.discrepancy(after.terms().outRefundNo())
                    : Optional.empty();
        }

        /** The time of the event that it reports; empty if it reports none. */
        public Optional<Instant> addedAt() {
            return PaymentStore.latest(events, callback);
        }
    }

    Optional<Refund> find(RefundId id);

    Optional<Refund> find(MerchantId merchant, String outRefundNo);

    /** Whether a refund of this channel account has not ended. */
    boolean hasOpen(String channel);

    /** A refund of this payment by the channel's number for one that was made there. */
    Optional<Refund> findChannelMade(PaymentId payment, String channelNumber);

    /**
     * Refunds of a channel account that succeeded within a time, by ascending id.
     *
     * @param from inclusive
     * @param to exclusive
     * @param after where an earlier page ended
     */
    List<Refund> refunded(String channel, Instant from, Instant to, @Nullable RefundId after, int limit);

    /**
     * Refunds of a payment, newest first.
     *
     * @param before where an earlier page ended
     */
    PaymentStore.Page<Refund, RefundId> list(PaymentId payment, @Nullable RefundId before, int limit);
}
