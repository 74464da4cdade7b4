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
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore.CreateResult;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores refunds that were made at the channel itself, and became known by a callback or a bill. Thread-safe. */
final class ChannelMadeRefunds {
    private final PaymentStore payments;
    private final PaymentWriter writer;
    private final EvidenceApplier evidenceApplier;
    private final NotificationOutbox outbox;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    ChannelMadeRefunds(
            PaymentStore payments,
            PaymentWriter writer,
            EvidenceApplier evidenceApplier,
            NotificationOutbox outbox,
            InstantSource clock,
            Ids ids,
            PaymentsListener listener) {
        this.payments = payments;
        this.writer = writer;
        this.evidenceApplier = evidenceApplier;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Stores one, unless it is known. Returns after the commit.
     *
     * @param number the channel's
     * @param callback that reported it; null if a bill did
     */
    void record(
            Payment payment,
            String number,
            RefundEvidence.Refunded refunded,
            ChangeSource source,
            @Nullable StoredCallback callback) {
        if (!refunded.amount().currency().equals(payment.order().amount().currency())) {
            keepOtherCurrency(payment, number, refunded.amount(), callback);
            return;
        }
        NewRefund made = channelMade(payment, number, refunded, source, callback);
        switch (writer.create(made)) {
            case CreateResult.Stored() -> created(made);
            case CreateResult.Repeated(Refund first) ->
                received(payment, callback, PaymentsEvent.CallbackReceived.CallbackResult.UNCHANGED);
            case CreateResult.Conflicting(Refund first) -> throw new IllegalStateException("conflicts with " + first);
            case CreateResult.Exceeding(Payment now) ->
                throw new IllegalStateException("a refund made at the channel was limited: " + now);
        }
    }

    private void received(
            Payment payment, @Nullable StoredCallback callback, PaymentsEvent.CallbackReceived.CallbackResult result) {
        if (callback != null) {
            listener.on(new PaymentsEvent.CallbackReceived(payment.order().channel(), result));
        }
    }

    /** An amount in another currency cannot be counted among what was paid: only the callback and the discrepancy are kept. */
    private void keepOtherCurrency(Payment payment, String number, Money amount, @Nullable StoredCallback callback) {
        String detail = "refunded at the channel in another currency: " + amount.text();
        StoredDiscrepancy discrepancy = discrepancy(
                payment, number, DiscrepancyKind.AMOUNT_MISMATCH, detail, Instant.ofEpochMilli(clock.millis()));
        payments.report(List.of(discrepancy));
        evidenceApplier.report(discrepancy);
        if (callback != null) {
            evidenceApplier.apply(payment, PaymentUpdate.ofCallback(new Evidence.Unknown(detail), callback));
        }
    }

    private void created(NewRefund made) {
        NewNotification notification = made.notification();
        if (notification != null) {
            outbox.committed(notification);
        }
        listener.on(new PaymentsEvent.RefundCreated(made.refund()));
        if (made.callback() != null) {
            listener.on(new PaymentsEvent.CallbackReceived(
                    made.refund().terms().channel(), PaymentsEvent.CallbackReceived.CallbackResult.APPLIED));
        }
        if (made.ifExceeding() != null) {
            evidenceApplier.report(made.ifExceeding());
        }
    }

    private NewRefund channelMade(
            Payment payment,
            String number,
            RefundEvidence.Refunded refunded,
            ChangeSource source,
            @Nullable StoredCallback callback) {
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
                ids.next(payment.order().merchantId()), payment.id(), refund.id(), now, source, null, learnt, null);
        return new NewRefund(
                refund,
                new byte[0],
                null,
                event,
                callback == null ? null : callback.about(payment.id(), learnt),
                outbox.prepare(RefundNotification.of(refund, payment.order().trace(), now)),
                discrepancy(
                        payment,
                        number,
                        DiscrepancyKind.REFUND_EXCEEDS,
                        refunded.amount().text() + " refunded at the channel, more than could still be refunded",
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
