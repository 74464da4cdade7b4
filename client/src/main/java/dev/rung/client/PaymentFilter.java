package dev.rung.client;

import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A filter of payments; null matches any.
 *
 * @param paidFrom inclusive
 * @param paidTo exclusive
 */
public record PaymentFilter(
        @Nullable String merchantId,
        @Nullable String outTradeNo,
        @Nullable String channel,
        @Nullable PaymentState state,
        @Nullable Instant paidFrom,
        @Nullable Instant paidTo,
        @Nullable String channelTradeNo,
        @Nullable String attach) {

    public static final PaymentFilter ANY = new PaymentFilter(null, null, null, null, null, null, null, null);

    public PaymentFilter ofMerchant(String value) {
        return new PaymentFilter(value, outTradeNo, channel, state, paidFrom, paidTo, channelTradeNo, attach);
    }

    public PaymentFilter ofNumber(String value) {
        return new PaymentFilter(merchantId, value, channel, state, paidFrom, paidTo, channelTradeNo, attach);
    }

    public PaymentFilter ofChannel(String value) {
        return new PaymentFilter(merchantId, outTradeNo, value, state, paidFrom, paidTo, channelTradeNo, attach);
    }

    public PaymentFilter in(PaymentState value) {
        return new PaymentFilter(merchantId, outTradeNo, channel, value, paidFrom, paidTo, channelTradeNo, attach);
    }

    public PaymentFilter paidBetween(Instant from, Instant to) {
        return new PaymentFilter(merchantId, outTradeNo, channel, state, from, to, channelTradeNo, attach);
    }

    /** By the channel's number of the payment. */
    public PaymentFilter ofChannelTradeNo(String value) {
        return new PaymentFilter(merchantId, outTradeNo, channel, state, paidFrom, paidTo, value, attach);
    }

    /** By the exact text that the merchant attached. */
    public PaymentFilter attached(String value) {
        return new PaymentFilter(merchantId, outTradeNo, channel, state, paidFrom, paidTo, channelTradeNo, value);
    }

    void forEach(BiConsumer<String, @Nullable Object> field) {
        field.accept("merchant_id", merchantId);
        field.accept("out_trade_no", outTradeNo);
        field.accept("channel", channel);
        field.accept("state", state);
        field.accept("paid_from", paidFrom);
        field.accept("paid_to", paidTo);
        field.accept("channel_trade_no", channelTradeNo);
        field.accept("attach", attach);
    }
}
