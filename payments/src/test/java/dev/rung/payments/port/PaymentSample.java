package dev.rung.payments.port;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.model.SubMerchant;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.NewPayment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A payment to test a store with: everything has a value, a test changes what it is about. Ids ascend, numbers differ. */
public record PaymentSample(
        MerchantId merchant,
        String outTradeNo,
        String channel,
        @Nullable String channelOptions,
        String request) {
    /** When samples are created; they expire {@link #EXPIRES_IN} later. */
    public static final Instant T0 = Instant.ofEpochMilli(Sample.T0);

    public static final Duration EXPIRES_IN = Duration.ofMinutes(15);
    public static final Money PRICE = Money.of(1230, "CNY");

    private static final Ladder QUERY_LADDER = Ladder.of("5s", "30s");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    public static PaymentSample of(MerchantId merchant) {
        return new PaymentSample(merchant, "T" + NUMBERS.incrementAndGet(), "simulator", null, "two teas");
    }

    public PaymentSample number(String no) {
        return new PaymentSample(merchant, no, channel, channelOptions, request);
    }

    public PaymentSample channel(String name) {
        return new PaymentSample(merchant, outTradeNo, name, channelOptions, request);
    }

    public PaymentSample channelOptions(String json) {
        return new PaymentSample(merchant, outTradeNo, channel, json, request);
    }

    /** What was asked for, as its digest tells it. */
    public PaymentSample request(String text) {
        return new PaymentSample(merchant, outTradeNo, channel, channelOptions, text);
    }

    public NewPayment build() {
        return build(new PaymentId(id(merchant)));
    }

    public NewPayment build(PaymentId id) {
        return build(id, new NotificationId(id(merchant)));
    }

    public NewPayment build(PaymentId id, NotificationId queryId) {
        Payment payment = new Payment(
                id,
                new Payment.Order(
                        merchant,
                        outTradeNo,
                        PRICE,
                        "two teas, 茶 🍵",
                        channel,
                        "https://shop.example/pay/notify",
                        Ladder.of("3s", "30s"),
                        null,
                        channelOptions,
                        new Payment.Checkout(
                                PaymentMethod.JSAPI,
                                "https://shop.example/back?order=1",
                                "203.0.113.7",
                                "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
                                "table 7, 茶"),
                        new SubMerchant("1900000109", "wxd678efh567hg6787"),
                        Sample.TRACE),
                queryId,
                PaymentState.CREATED,
                T0,
                T0.plus(EXPIRES_IN),
                null,
                Payment.Access.NONE,
                null,
                null,
                Payment.Funds.NONE,
                1);
        PaymentEvent event =
                new PaymentEvent(id(), id, T0, ChangeSource.MERCHANT, PaymentState.CREATED, "asked for", null);
        return new NewPayment(payment, Sample.sha256(request), query(payment), event);
    }

    private static NewNotification query(Payment payment) {
        return new NewNotification(
                payment.queryId(),
                ReceiverId.own(payment.order().merchantId()),
                payment.order().channel(),
                new Delivery.Content(
                        "channel:" + payment.order().channel(),
                        true,
                        payment.id().toString(),
                        "payment.query",
                        Sample.T0),
                Sample.bytes("{\"payment_id\":\"" + payment.id() + "\"}"),
                QUERY_LADDER,
                null,
                false,
                false,
                Sample.T0 + 5_000,
                WakeLocation.QUEUED,
                null,
                List.of());
    }

    public static long id() {
        return Sample.nextId(Sample.T0);
    }

    public static long id(MerchantId owner) {
        return Sample.nextId(Sample.T0, owner);
    }

    /** The change of a payment that is paid: state, timeline, and the notification that tells it. */
    public static Change paid(Payment before) {
        Payment after = before.moved(new Decision.Transition(PaymentState.SUCCEEDED, "4200000001", T0.plusSeconds(60)));
        return change(before, after)
                .withEvents(event(before, PaymentState.SUCCEEDED))
                .notifying()
                .build();
    }

    public static Building change(Payment before, Payment after) {
        return new Building(before, after, List.of(), null, null, null);
    }

    /** A change in the making. */
    public record Building(
            Payment before,
            Payment after,
            List<PaymentEvent> events,
            @Nullable StoredCallback callback,
            @Nullable NewNotification notification,
            @Nullable StoredDiscrepancy discrepancy) {
        public Building withEvents(PaymentEvent... added) {
            return new Building(before, after, List.of(added), callback, notification, discrepancy);
        }

        public Building calledBack(StoredCallback with) {
            return new Building(before, after, events, with, notification, discrepancy);
        }

        public Building notifying() {
            return notifying(new NotificationId(id(after.order().merchantId())));
        }

        public Building notifying(NotificationId id) {
            return new Building(before, after, events, callback, end(after, id), discrepancy);
        }

        public Building withDiscrepancy(StoredDiscrepancy finding) {
            return new Building(before, after, events, callback, notification, finding);
        }

        public Change build() {
            return new Change(before, after, events, callback, notification, discrepancy);
        }
    }

    public static PaymentEvent event(Payment payment, @Nullable PaymentState state) {
        return new PaymentEvent(
                id(), payment.id(), T0.plusSeconds(60), ChangeSource.QUERY, state, "query: as told, 已支付", "{\"ok\":1}");
    }

    private static NewNotification end(Payment after, NotificationId id) {
        return Sample.of(after.order().merchantId())
                .orderNo(after.order().outTradeNo())
                .eventType("payment." + after.state().text())
                .payload(endPayload(after))
                .build(id);
    }

    public static byte[] endPayload(Payment after) {
        return Sample.bytes("{\"payment_id\":\"" + after.id() + "\",\"state\":\""
                + after.state().text() + "\"}");
    }

    /** A verified callback of these bytes. */
    public static StoredCallback callback(String channel, byte[] body, @Nullable Payment payment) {
        return new StoredCallback(
                id(),
                channel,
                T0.plusSeconds(59),
                "signature: abc\ntimestamp: 123",
                body,
                true,
                payment == null ? null : payment.id(),
                "paid 12.30 CNY");
    }

    public static StoredCallback forged(String channel, String body) {
        return new StoredCallback(
                id(), channel, T0.plusSeconds(59), "", Sample.bytes(body), false, null, "the signature is wrong");
    }

    public static StoredDiscrepancy finding(DiscrepancyKind kind, String channel, String subject) {
        return new StoredDiscrepancy(
                new DiscrepancyId(id()), kind, channel, subject, null, "look at " + subject, T0.plusSeconds(61), null);
    }

    /** The same finding, of a payment. */
    public static StoredDiscrepancy finding(DiscrepancyKind kind, Payment payment) {
        StoredDiscrepancy d =
                finding(kind, payment.order().channel(), payment.id().toString());
        return new StoredDiscrepancy(
                new DiscrepancyId(id(payment.order().merchantId())),
                d.kind(),
                d.channel(),
                d.subject(),
                payment.id(),
                d.detail(),
                d.createdAt(),
                null);
    }

    public static StoredDiscrepancy.Resolution resolution(String note) {
        return new StoredDiscrepancy.Resolution(note, "operator", T0.plusSeconds(3_600));
    }
}
