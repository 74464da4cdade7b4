package dev.rung.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refund and its state.
 *
 * @param outRefundNo the merchant's number; null for a refund made at the channel
 * @param madeBy the word merchant, or the word channel if it was made at the channel itself
 * @param channelRefundNo the channel's number; null if it has none
 * @param failure why it failed, as the channel says; null if it did not
 * @param refundedAt null until it has succeeded
 */
public record Refund(
        String id,
        String merchantId,
        String paymentId,
        String outTradeNo,
        @Nullable String outRefundNo,
        Amount amount,
        @Nullable String reason,
        String channel,
        String madeBy,
        RefundState state,
        @Nullable String channelRefundNo,
        @Nullable String failure,
        @Nullable String notifyUrl,
        Instant createdAt,
        @Nullable Instant refundedAt) {

    static Refund read(JsonObject json) {
        return new Refund(
                json.text("id"),
                json.text("merchant_id"),
                json.text("payment_id"),
                json.text("out_trade_no"),
                json.optionalText("out_refund_no"),
                json.object("amount", Amount::read),
                json.optionalText("reason"),
                json.text("channel"),
                json.text("made_by"),
                json.constant("state", RefundState.class),
                json.optionalText("channel_refund_no"),
                json.optionalText("failure"),
                json.optionalText("notify_url"),
                json.time("created_at"),
                json.optionalTime("refunded_at"));
    }
}
