package dev.rung.payments.flow;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies verified callbacks to the payment or refund that they name. A refund that is unknown in Rung was made at the channel itself, and is stored as such. Thread-safe.
 */
final class CallbackApplier {
    private final PaymentStore payments;
    private final RefundStore refunds;
    private final EvidenceApplier evidenceApplier;
    private final RefundEvidenceApplier refundApplier;
    private final ChannelMadeRefunds channelMade;
    private final NotificationOutbox outbox;

    CallbackApplier(
            PaymentStore payments,
            RefundStore refunds,
            EvidenceApplier evidenceApplier,
            RefundEvidenceApplier refundApplier,
            ChannelMadeRefunds channelMade,
            NotificationOutbox outbox) {
        this.payments = payments;
        this.refunds = refunds;
        this.evidenceApplier = evidenceApplier;
        this.refundApplier = refundApplier;
        this.channelMade = channelMade;
        this.outbox = outbox;
    }

    /**
     * Applies a callback about a payment. Returns after the commit.
     *
     * @return false if the payment is unknown; nothing is stored then
     */
    boolean apply(GuardedChannel channel, PaymentChannel.Callback.Verified callback, StoredCallback stored) {
        Optional<Payment> payment = OrderLookup.find(payments, channel.name(), callback.outTradeNo());
        payment.ifPresent(p -> evidenceApplier.apply(p, PaymentUpdate.ofCallback(callback.evidence(), stored)));
        return payment.isPresent();
    }

    /**
     * Applies a callback about a refund. Returns after the commit; blocks for the channel if the callback does not say the result of the refund, and the
     * refund is not known here or has failed.
     *
     * @return false if the payment is unknown, or the channel does not say the result of such a refund; nothing is stored then
     */
    boolean apply(GuardedChannel channel, PaymentChannel.Callback.VerifiedRefund callback, StoredCallback stored) {
        Payment payment = OrderLookup.findByAnyNumber(payments, channel.name(), callback.outTradeNo())
                .orElse(null);
        if (payment == null) {
            return false;
        }
        if (!payment.state().isFinal()) {
            // A refund proves that it was paid: the payment's own query finds out.
            outbox.makeDueNow(payment.queryId());
        }
        Refund refund = find(payment, callback.refundNo());
        if (refund == null) {
            return storeChannelMade(channel, payment, callback, stored);
        }
        // Of a refund that has failed no query is due any more.
        RefundEvidence evidence = refund.state() == RefundState.FAILED
                ? resolvedEvidence(channel, payment, callback)
                : callback.evidence();
        if (refund.state() == RefundState.FAILED && isUnclear(evidence)) {
            return false;
        }
        Refund after = refundApplier.apply(refund, RefundUpdate.ofCallback(evidence, stored));
        if (!after.state().isFinal() && after.queryId() != null) {
            outbox.makeDueNow(after.queryId());
        }
        return true;
    }

    /** What the callback says; what the channel says if the callback does not. */
    private static RefundEvidence resolvedEvidence(
            GuardedChannel channel, Payment payment, PaymentChannel.Callback.VerifiedRefund callback) {
        return callback.evidence() instanceof RefundEvidence.Unknown
                ? channel.callForRequest(() -> channel.queryRefund(payment, callback.refundNo()))
                        .map(Exchange::evidence)
                        .orElse(callback.evidence())
                : callback.evidence();
    }

    private static boolean isUnclear(RefundEvidence evidence) {
        return evidence instanceof RefundEvidence.Unknown || evidence instanceof RefundEvidence.NotEnded;
    }

    private @Nullable Refund find(Payment payment, String number) {
        return parsed(number)
                .flatMap(refunds::find)
                .filter(refund -> refund.terms().payment().equals(payment.id()))
                .or(() -> refunds.findChannelMade(payment.id(), number))
                .orElse(null);
    }

    private static Optional<RefundId> parsed(String number) {
        try {
            return Optional.of(RefundId.parse(number));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean storeChannelMade(
            GuardedChannel channel,
            Payment payment,
            PaymentChannel.Callback.VerifiedRefund callback,
            StoredCallback stored) {
        RefundEvidence evidence = resolvedEvidence(channel, payment, callback);
        if (evidence instanceof RefundEvidence.Failed(String reason)) {
            // No money moved: only the callback is kept.
            evidenceApplier.apply(
                    payment,
                    PaymentUpdate.ofCallback(
                            new Evidence.Unknown("a refund made at the channel failed: " + reason), stored));
            return true;
        }
        if (!(evidence instanceof RefundEvidence.Refunded refunded)) {
            return false;
        }
        channelMade.record(payment, callback.refundNo(), refunded, ChangeSource.CALLBACK, stored);
        return true;
    }
}
