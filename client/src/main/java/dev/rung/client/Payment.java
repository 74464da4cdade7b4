package dev.rung.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment and where it stands.
 *
 * @param channelOptions as they were given
 * @param payUrl where the payer pays, or what a QR code is to hold; null until the channel has taken the order
 * @param channelTradeNo the channel's own number, once it is paid
 * @param ladder the waits between attempts to notify the merchant
 * @param ladderName the name they were chosen by, if they were
 * @param closeRequestedAt when somebody asked to close it and the channel had not done so yet
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
