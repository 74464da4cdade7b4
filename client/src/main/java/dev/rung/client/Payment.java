package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment and its state.
 *
 * @param channelOptions as requested
 * @param payUrl the payment page, or the content of a QR code; null until the channel has accepted the order, and for methods with {@code payParams}
 * @param payParams what the payer's client is given, signed; null until the channel has accepted the order, and for methods with {@code payUrl}
 * @param problem why the order is not placed at the channel yet, or why the payment failed
 * @param attach as requested
 * @param channelTradeNo the channel's trade number; null until it is paid
 * @param ladder the waits between attempts to notify the merchant
 * @param ladderName null for inline ladders
 * @param closeRequestedAt time of a close request that the channel did not confirm immediately
 * @param paid what was paid, also late or with another amount than the order's
 * @param refunded what went back to the payer, in total
 */
public record Payment(
        String id,
        String merchantId,
        String outTradeNo,
        Amount amount,
        String subject,
        String channel,
        @Nullable Map<String, @Nullable Object> channelOptions,
        @Nullable PaymentMethod method,
        @Nullable String attach,
        PaymentState state,
        @Nullable String payUrl,
        @Nullable Map<String, @Nullable Object> payParams,
        @Nullable String problem,
        @Nullable String channelTradeNo,
        @Nullable String notifyUrl,
        List<Duration> ladder,
        @Nullable String ladderName,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant closeRequestedAt,
        @Nullable Instant paidAt,
        @Nullable Amount paid,
        @Nullable Amount refunded) {

    public Payment {
        ladder = List.copyOf(ladder);
    }

    static Payment read(JsonObject json) {
        return new Payment(
                json.text("id"),
                json.text("merchant_id"),
                json.text("out_trade_no"),
                json.object("amount", Amount::read),
                json.text("subject"),
                json.text("channel"),
                json.optionalMap("channel_options"),
                json.optionalConstant("method", PaymentMethod.class),
                json.optionalText("attach"),
                json.constant("state", PaymentState.class),
                json.optionalText("pay_url"),
                json.optionalMap("pay_params"),
                json.optionalText("problem"),
                json.optionalText("channel_trade_no"),
                json.optionalText("notify_url"),
                json.durations("ladder"),
                json.optionalText("ladder_name"),
                json.time("created_at"),
                json.time("expires_at"),
                json.optionalTime("close_requested_at"),
                json.optionalTime("paid_at"),
                json.optionalObject("paid", Amount::read),
                json.optionalObject("refunded", Amount::read));
    }
}
