package dev.rung.payments.flow;

import static dev.rung.payments.flow.ResultNotification.text;
import static dev.rung.payments.flow.ResultNotification.time;

import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.TraceParent;
import dev.rung.payments.model.Refund;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The notification that reports the result of a refund to the merchant. */
final class RefundNotification {
    private RefundNotification() {}

    /**
     * Of a refund in a final state.
     *
     * @param trace of its payment
     */
    static NotificationRequest of(Refund refund, @Nullable TraceParent trace, Instant now) {
        Refund.Terms terms = refund.terms();
        return new NotificationRequest(
                        terms.merchantId(),
                        terms.notifyUrl(),
                        terms.outTradeNo(),
                        "refund." + refund.state().text(),
                        payload(refund).getBytes(StandardCharsets.UTF_8),
                        terms.ladder(),
                        terms.ladderName(),
                        false,
                        now.toEpochMilli(),
                        null,
                        false,
                        null)
                .withTrace(trace);
    }

    private static String payload(Refund refund) {
        Refund.Terms terms = refund.terms();
        return "{\"refund_id\":" + text(refund.id().toString())
                + ",\"out_refund_no\":" + text(terms.outRefundNo())
                + ",\"payment_id\":" + text(terms.payment().toString())
                + ",\"out_trade_no\":" + text(terms.outTradeNo())
                + ",\"state\":" + text(refund.state().text())
                + ",\"amount\":{\"value\":" + terms.amount().value()
                + ",\"currency\":" + text(terms.amount().currency().getCurrencyCode()) + "}"
                + ",\"reason\":" + text(terms.reason())
                + ",\"channel\":" + text(terms.channel())
                + ",\"channel_refund_no\":" + text(refund.channelRefundNo())
                + ",\"refunded_at\":" + time(refund.refundedAt())
                + "}";
    }
}
