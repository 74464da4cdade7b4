package dev.rung.payments.flow;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.CreateResult;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies genuine callbacks to the payment or the refund that they speak of. A refund that is not known here was made at the channel itself, and is
 * stored as such. Thread-safe.
 */
final class CallbackApplier {
    private final PaymentStore payments;
    private final RefundStore refunds;
    private final EvidenceApplier evidenceApplier;
    private final RefundEvidenceApplier refundApplier;
    private final NotificationOutbox outbox;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    CallbackApplier(
            PaymentStore payments,
            RefundStore refunds,
            EvidenceApplier evidenceApplier,
            RefundEvidenceApplier refundApplier,
            NotificationOutbox outbox,
            InstantSource clock,
            Ids ids,
            PaymentsListener listener) {
        this.payments = payments;
        this.refunds = refunds;
        this.evidenceApplier = evidenceApplier;
        this.refundApplier = refundApplier;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
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
        Payment payment = OrderLookup.find(payments, channel.name(), callback.outTradeNo())
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
        if (!refunded.amount().currency().equals(payment.order().amount().currency())) {
            keepOtherCurrency(payment, callback.refundNo(), refunded.amount(), stored);
            return true;
        }
        NewRefund made = channelMade(payment, callback.refundNo(), refunded, stored);
        switch (refunds.create(made)) {
            case CreateResult.Stored() -> created(made);
            case CreateResult.Repeated(Refund first) ->
                listener.on(new PaymentsEvent.CallbackReceived(
                        channel.name(), PaymentsEvent.CallbackReceived.CallbackResult.UNCHANGED));
            case CreateResult.Conflicting(Refund first) -> throw new IllegalStateException("conflicts with " + first);
            case CreateResult.Exceeding(Payment now) ->
                throw new IllegalStateException("a refund made at the channel was limited: " + now);
        }
        return true;
    }

    /** An amount in another currency cannot be counted among what was paid: only the callback and the discrepancy are kept. */
    private void keepOtherCurrency(Payment payment, String number, Money amount, StoredCallback stored) {
        String detail = "refunded at the channel in another currency: " + amount.text();
        StoredDiscrepancy discrepancy = discrepancy(
                payment, number, DiscrepancyKind.AMOUNT_MISMATCH, detail, Instant.ofEpochMilli(clock.millis()));
        payments.report(List.of(discrepancy));
        evidenceApplier.report(discrepancy);
        evidenceApplier.apply(payment, PaymentUpdate.ofCallback(new Evidence.Unknown(detail), stored));
    }

    private void created(NewRefund made) {
        NewNotification notification = made.notification();
        if (notification != null) {
            outbox.committed(notification);
        }
        listener.on(new PaymentsEvent.RefundCreated(made.refund()));
        listener.on(new PaymentsEvent.CallbackReceived(
                made.refund().terms().channel(), PaymentsEvent.CallbackReceived.CallbackResult.APPLIED));
        if (made.ifExceeding() != null) {
            evidenceApplier.report(made.ifExceeding());
        }
    }

    private NewRefund channelMade(
            Payment payment, String number, RefundEvidence.Refunded refunded, StoredCallback callback) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        Payment.Order order = payment.order();
        Refund refund = new Refund(
                new RefundId(ids.next(payment.order().merchantId())),
                new Refund.Terms(
                        payment.id(),
                        order.merchantId(),
                        order.outTradeNo(),
                        order.channel(),
                        null,
                        number,
                        refunded.amount(),
                        null,
                        order.notifyUrl(),
                        order.ladder(),
                        order.ladderName()),
                null,
                RefundState.SUCCEEDED,
                now,
                null,
                now,
                refunded.channelRefundNo(),
                refunded.refundedAt(),
                null,
                false,
                1);
        String learnt = RefundMessages.madeAtChannel(refund);
        PaymentEvent event = new PaymentEvent(
                ids.next(payment.order().merchantId()),
                payment.id(),
                refund.id(),
                now,
                ChangeSource.CALLBACK,
                null,
                learnt,
                null);
        return new NewRefund(
                refund,
                new byte[0],
                null,
                event,
                callback.about(payment.id(), learnt),
                outbox.prepare(RefundNotification.of(refund, now)),
                discrepancy(
                        payment,
                        number,
                        DiscrepancyKind.REFUND_EXCEEDS,
                        refunded.amount().text() + " refunded at the channel, more than was left of what was paid here",
                        now));
    }

    private StoredDiscrepancy discrepancy(
            Payment payment, String number, DiscrepancyKind kind, String detail, Instant now) {
        return new StoredDiscrepancy(
                new DiscrepancyId(ids.next(payment.order().merchantId())),
                kind,
                payment.order().channel(),
                payment.id() + " " + number,
                payment.id(),
                detail,
                now,
                null);
    }
}
