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
 * @param approval null if it needs none
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
        @Nullable Approval approval,
        Instant createdAt,
        @Nullable Instant refundedAt) {

    /**
     * The approval of a refund above the limit.
     *
     * @param state the word waiting, approved or rejected
     * @param approvedBy null unless it is approved
     */
    public record Approval(
            String state, String requestedBy, @Nullable String approvedBy) {}

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
                json.optionalObject(
                        "approval",
                        a -> new Approval(a.text("state"), a.text("requested_by"), a.optionalText("approved_by"))),
                json.time("created_at"),
                json.optionalTime("refunded_at"));
    }
}
