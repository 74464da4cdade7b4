package dev.rung.payments.flow;

import dev.rung.core.model.NotificationRequest;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Creates the notification of a payment's result. */
final class ResultNotification {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private ResultNotification() {}

    /** The notification of a payment in a final state. */
    static NotificationRequest of(Payment payment, Instant now) {
        Payment.Order order = payment.order();
        return new NotificationRequest(
                        order.merchantId(),
                        order.notifyUrl(),
                        order.outTradeNo(),
                        "payment." + payment.state().text(),
                        payload(payment).getBytes(StandardCharsets.UTF_8),
                        order.ladder(),
                        order.ladderName(),
                        false,
                        now.toEpochMilli(),
                        null,
                        false,
                        null)
                .withTrace(order.trace());
    }

    private static String payload(Payment payment) {
        Payment.Order order = payment.order();
        return "{\"payment_id\":" + text(payment.id().toString())
                + ",\"out_trade_no\":" + text(order.outTradeNo())
                + ",\"state\":" + text(payment.state().text())
                + ",\"amount\":{\"value\":" + amount(payment).value()
                + ",\"currency\":" + text(order.amount().currency().getCurrencyCode()) + "}"
                + ",\"channel\":" + text(order.channel())
                + ",\"channel_trade_no\":" + text(payment.channelTradeNo())
                + ",\"paid_at\":" + time(payment.paidAt())
                + (order.checkout().attach() == null
                        ? ""
                        : ",\"attach\":" + text(order.checkout().attach()))
                + "}";
    }

    /** What was paid if it succeeded, which an operator may have accepted although another amount was ordered. */
    private static Money amount(Payment payment) {
        return payment.state() == PaymentState.SUCCEEDED
                ? payment.paidAmount()
                : payment.order().amount();
    }

    /** A time as JSON. */
    static String time(@Nullable Instant at) {
        return text(at == null ? null : TIME.format(at));
    }

    /** A string as JSON. */
    static String text(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
