package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.web.Json;
import dev.rung.web.JsonReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An event of the stream.
 *
 * @param type such as {@code notification.attempted}
 * @param merchant of the event; null if unknown, then only callers that see all merchants receive it
 * @param data one line of JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StreamEvent(String type, @Nullable MerchantId merchant, byte[] data) {
    private static final Pattern TYPE = Pattern.compile("[a-z._]{1,64}");
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    /** The stream event of a flow event; null if it is internal. */
    static @Nullable StreamEvent of(FlowEvent event, long now) {
        return switch (event) {
            case FlowEvent.Accepted e ->
                of("notification.accepted", e.notification().merchantId(), now, g -> {
                    content(
                            g,
                            e.notification().id(),
                            e.notification().merchantId(),
                            e.notification().content());
                    g.writeStringProperty("state", DeliveryState.WAITING.text());
                    JsonWriter.time(g, "next_attempt_at", e.notification().dueAt());
                });
            case FlowEvent.Attempted e ->
                of("notification.attempted", e.delivery().merchantId(), now, g -> {
                    content(
                            g,
                            e.delivery().id(),
                            e.delivery().merchantId(),
                            e.delivery().content());
                    g.writeStringProperty(
                            "state", stateAfter(e.delivery(), e.next()).text());
                    JsonWriter.time(g, "next_attempt_at", e.next().dueAt());
                    attempt(g, e.attempt());
                });
            case FlowEvent.Superseded e ->
                of("notification.superseded", e.delivery().merchantId(), now, g -> {
                    content(
                            g,
                            e.delivery().id(),
                            e.delivery().merchantId(),
                            e.delivery().content());
                    attempt(g, e.attempt());
                });
            case FlowEvent.Parked e ->
                of("notification.parked", e.delivery().merchantId(), now, g -> {
                    g.writeStringProperty("notification_id", e.delivery().id().toString());
                    g.writeStringProperty(
                            "merchant_id", e.delivery().merchantId().toString());
                    g.writeStringProperty("held_by", heldBy(e));
                });
            case FlowEvent.Resent e -> {
                boolean delivered = e.before().state() == DeliveryState.DELIVERED;
                yield byAPerson(
                        "notification.resent",
                        e.before(),
                        delivered ? DeliveryState.DELIVERED : DeliveryState.WAITING,
                        now);
            }
            case FlowEvent.Cancelled e -> byAPerson("notification.cancelled", e.before(), DeliveryState.CANCELLED, now);
            case FlowEvent.ReceiverDeleted e ->
                of("notification.cancelled", e.before().merchantId(), now, g -> {
                    content(
                            g,
                            e.before().id(),
                            e.before().merchantId(),
                            e.before().content());
                    g.writeStringProperty("state", DeliveryState.CANCELLED.text());
                });
            case FlowEvent.StaleWake e -> null;
            case FlowEvent.Rearmed e -> null;
            case FlowEvent.Defect e -> null;
            case FlowEvent.StoreAvailable e -> null;
        };
    }

    /** The stream event of a payments event; null if the state of no payment or refund changed. */
    static @Nullable StreamEvent of(PaymentsEvent event, long now) {
        return switch (event) {
            case PaymentsEvent.Created e -> of(e.payment(), ChangeSource.MERCHANT, now);
            case PaymentsEvent.StateChanged e ->
                e.before().state() == e.after().state() ? null : of(e.after(), e.source(), now);
            case PaymentsEvent.RefundCreated e -> of(e.refund(), ChangeSource.MERCHANT, now);
            case PaymentsEvent.RefundStateChanged e -> of(e.after(), e.source(), now);
            case PaymentsEvent.RefundQueried e -> null;
            case PaymentsEvent.Placed e -> null;
            case PaymentsEvent.Queried e -> null;
            case PaymentsEvent.DiscrepancyFound e -> null;
            case PaymentsEvent.CallbackReceived e -> null;
            case PaymentsEvent.Defect e -> null;
        };
    }

    private static StreamEvent of(Payment payment, ChangeSource source, long now) {
        return of("payment." + payment.state().text(), payment.order().merchantId(), now, g -> {
            g.writeStringProperty("payment_id", payment.id().toString());
            g.writeStringProperty("merchant_id", payment.order().merchantId().toString());
            g.writeStringProperty("out_trade_no", payment.order().outTradeNo());
            g.writeStringProperty("channel", payment.order().channel());
            g.writeStringProperty("state", payment.state().text());
            g.writeStringProperty("source", source.text());
        });
    }

    private static StreamEvent of(Refund refund, ChangeSource source, long now) {
        Refund.Terms terms = refund.terms();
        return of("refund." + refund.state().text(), terms.merchantId(), now, g -> {
            g.writeStringProperty("refund_id", refund.id().toString());
            g.writeStringProperty("payment_id", terms.payment().toString());
            g.writeStringProperty("merchant_id", terms.merchantId().toString());
            g.writeStringProperty("out_trade_no", terms.outTradeNo());
            g.writeStringProperty("out_refund_no", terms.outRefundNo());
            g.writeStringProperty("channel", terms.channel());
            g.writeStringProperty("state", refund.state().text());
            g.writeStringProperty("source", source.text());
        });
    }

    /**
     * Parses the {@link #data} of another server's event.
     *
     * @throws IllegalArgumentException if it is invalid
     */
    public static StreamEvent read(byte[] data) {
        if (JsonReader.read(data) instanceof Json.Obj object
                && object.members().get("type") instanceof Json.Text type
                && TYPE.matcher(type.value()).matches()) {
            Json merchant = object.members().get("merchant_id");
            return new StreamEvent(
                    type.value(), merchant instanceof Json.Text text ? MerchantId.parse(text.value()) : null, data);
        }
        throw new IllegalArgumentException("not a stream event");
    }

    private static StreamEvent of(String type, @Nullable MerchantId merchant, long now, JsonWriter.Content members) {
        return new StreamEvent(type, merchant, JsonWriter.write(g -> {
            g.writeStartObject();
            g.writeStringProperty("type", type);
            g.writeStringProperty("at", Timestamps.text(now));
            members.write(g);
            g.writeEndObject();
        }));
    }

    private static StreamEvent byAPerson(String type, NotificationDetail n, DeliveryState state, long now) {
        return of(type, n.merchantId(), now, g -> {
            content(g, n.id(), n.merchantId(), n.content());
            g.writeStringProperty("state", state.text());
        });
    }

    private static void content(JsonGenerator g, NotificationId id, MerchantId merchant, Delivery.Content content) {
        g.writeStringProperty("notification_id", id.toString());
        g.writeStringProperty("merchant_id", merchant.toString());
        g.writeStringProperty("order_no", content.orderNo());
        g.writeStringProperty("event_type", content.eventType());
    }

    private static void attempt(JsonGenerator g, Attempt attempt) {
        g.writeObjectPropertyStart("attempt");
        g.writeNumberProperty("number", attempt.number());
        JsonWriter.time(g, "started_at", attempt.startedAt());
        g.writeNumberProperty("late_ms", attempt.latenessMillis());
        g.writeNumberProperty("duration_ms", attempt.durationMillis());
        g.writeStringProperty("outcome", attempt.outcome().text());
        if (attempt.answer() == null) {
            g.writeNullProperty("http_status");
        } else {
            g.writeNumberProperty("http_status", attempt.answer().status());
        }
        g.writeStringProperty("error", attempt.error());
        g.writeEndObject();
    }

    static DeliveryState stateAfter(Delivery delivery, NextStep next) {
        return switch (next) {
            case NextStep.Delivered d -> DeliveryState.DELIVERED;
            case NextStep.Retry c -> DeliveryState.WAITING;
            case NextStep.Throttled t -> delivery.state();
            case NextStep.Exhausted e -> DeliveryState.EXHAUSTED;
            case NextStep.Unchanged r -> DeliveryState.DELIVERED;
        };
    }

    private static String heldBy(FlowEvent.Parked parked) {
        return switch (parked.wakeLocation()) {
            case HELD_BY_BULKHEAD -> "merchant";
            case HELD_BY_ORDER -> "order";
            case QUEUED, DEFERRED -> parked.wakeLocation().name().toLowerCase(Locale.ROOT);
        };
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(EVENT);
        out.write(type.getBytes(StandardCharsets.US_ASCII));
        out.write(DATA);
        out.write(data);
        out.write(END);
    }
}
