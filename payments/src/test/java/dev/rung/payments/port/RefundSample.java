package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static dev.rung.payments.port.PaymentSample.id;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundDecision;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.RefundStore.Change;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refund to test a store with; a test changes what it is about. */
public record RefundSample(
        Payment payment,
        String number,
        long amount,
        String request,
        @Nullable String notifyUrl,
        @Nullable StoredCallback madeAtChannel) {
    /** When the refunds of {@link #succeeded} end. */
    static final Instant ENDED_AT = T0.plusSeconds(120);

    public static RefundSample of(Payment payment, String number, long amount) {
        return new RefundSample(payment, number, amount, "as usual", "https://shop.example/refunded", null);
    }

    /** What was asked for, as its digest tells it. */
    public RefundSample asked(String text) {
        return new RefundSample(payment, number, amount, text, notifyUrl, madeAtChannel);
    }

    public RefundSample toTheMerchantsUrl() {
        return new RefundSample(payment, number, amount, request, null, madeAtChannel);
    }

    public RefundSample madeAtChannel(StoredCallback callback) {
        return new RefundSample(payment, number, amount, request, notifyUrl, callback);
    }

    public NewRefund build() {
        return build(new RefundId(id(payment.order().merchantId())));
    }

    public NewRefund build(RefundId id) {
        boolean here = madeAtChannel == null;
        Refund.Terms terms = new Refund.Terms(
                payment.id(),
                payment.order().merchantId(),
                payment.order().outTradeNo(),
                payment.order().channel(),
                here ? number : null,
                here ? null : number,
                Money.of(amount, "CNY"),
                here ? "one tea was cold, 茶凉了" : null,
                notifyUrl,
                Ladder.of("3s", "30s"),
                null);
        Refund refund = here
                ? new Refund(
                        id,
                        terms,
                        new NotificationId(id(terms.merchantId())),
                        RefundState.PROCESSING,
                        T0.plusSeconds(65),
                        T0.plusSeconds(65),
                        null,
                        null,
                        null,
                        null,
                        false,
                        1)
                : new Refund(
                        id,
                        terms,
                        null,
                        RefundState.SUCCEEDED,
                        T0.plusSeconds(65),
                        null,
                        T0.plusSeconds(65),
                        "5030",
                        T0.plusSeconds(64),
                        null,
                        false,
                        1);
        PaymentEvent event = event(refund, here ? ChangeSource.MERCHANT : ChangeSource.CALLBACK, T0.plusSeconds(65));
        return new NewRefund(
                refund,
                here ? Sample.sha256(request) : new byte[0],
                here ? query(refund) : null,
                event,
                madeAtChannel,
                here ? null : end(refund),
                here ? null : finding(DiscrepancyKind.REFUND_EXCEEDS, refund));
    }

    /** The same refund, which another person must approve. */
    public static NewRefund waiting(NewRefund item, Approval approval) {
        Refund r = item.refund();
        Refund waiting = new Refund(
                r.id(),
                r.terms(),
                r.queryId(),
                r.state(),
                r.createdAt(),
                null,
                null,
                null,
                null,
                null,
                false,
                approval,
                r.version());
        return new NewRefund(waiting, item.requestDigest(), item.query(), item.event(), null, null, null);
    }

    private static NewNotification query(Refund refund) {
        return new NewNotification(
                java.util.Objects.requireNonNull(refund.queryId()),
                ReceiverId.own(refund.terms().merchantId()),
                refund.terms().channel(),
                new Delivery.Content(
                        "channel:" + refund.terms().channel(), true, refund.id().toString(), "refund.query", Sample.T0),
                Sample.bytes("{\"refund_id\":\"" + refund.id() + "\"}"),
                Ladder.of("5s", "30s"),
                null,
                false,
                false,
                Sample.T0 + 70_000,
                WakeLocation.QUEUED,
                null,
                List.of());
    }

    private static PaymentEvent event(Refund refund, ChangeSource source, Instant at) {
        return new PaymentEvent(
                id(), refund.terms().payment(), refund.id(), at, source, null, "refund: as told, 已退款", "{\"ok\":1}");
    }

    private static NewNotification end(Refund refund) {
        return Sample.of(refund.terms().merchantId())
                .orderNo(refund.terms().outTradeNo())
                .eventType("refund." + refund.state().text())
                .build(new NotificationId(id(refund.terms().merchantId())));
    }

    public static Change succeeded(Refund before) {
        return ended(
                before.withAccepted(ENDED_AT),
                before,
                new RefundDecision.Transition(RefundState.SUCCEEDED, "5030", T0.plusSeconds(119), null));
    }

    public static Change failed(Refund before, String why) {
        return ended(before, before, new RefundDecision.Transition(RefundState.FAILED, null, null, why));
    }

    private static Change ended(Refund confirmed, Refund before, RefundDecision.Transition move) {
        Refund after = confirmed.moved(move);
        return new Change(before, after, List.of(event(before, ChangeSource.QUERY, ENDED_AT)), null, end(after), null);
    }

    public static StoredDiscrepancy finding(DiscrepancyKind kind, Refund refund) {
        return new StoredDiscrepancy(
                new DiscrepancyId(id(refund.terms().merchantId())),
                kind,
                refund.terms().channel(),
                refund.id().toString(),
                refund.terms().payment(),
                "look at " + refund.id(),
                T0.plusSeconds(71),
                null);
    }
}
