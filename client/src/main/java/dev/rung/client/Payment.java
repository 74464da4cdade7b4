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
 * @param payUrl the payment page, or the content of a QR code; null until the channel has accepted the order
 * @param channelTradeNo the channel's trade number; null until it is paid
 * @param ladder the waits between attempts to notify the merchant
 * @param ladderName null for inline ladders
 * @param closeRequestedAt time of a close request that the channel did not confirm immediately
 */
public record Payment(
        String id,
        String merchantId,
        String outTradeNo,
        Amount amount,
        String subject,
        String channel,
        @Nullable Map<String, Object> channelOptions,
        PaymentState state,
        @Nullable String payUrl,
        @Nullable String channelTradeNo,
        String notifyUrl,
        List<Duration> ladder,
        @Nullable String ladderName,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant closeRequestedAt,
        @Nullable Instant paidAt) {

    public Payment {
        ladder = List.copyOf(ladder);
    }
}
