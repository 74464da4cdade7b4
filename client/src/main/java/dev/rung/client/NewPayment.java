package dev.rung.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a payment, built step by step: {@code NewPayment.of(merchantId, "T1001", new Amount(1230, "CNY"), "two teas", "alipay").expiringIn(…)}.
 *
 * @param outTradeNo unique per merchant; a repeated request returns the same payment
 * @param channelOptions options of the channel
 * @param notifyUrl overrides the merchant's
 * @param ladder overrides the merchant's
 * @param way how the payer pays; null: the account's default method
 * @param attach comes back in the notification of the result
 */
public record NewPayment(
        String merchantId,
        String outTradeNo,
        Amount amount,
        String subject,
        String channel,
        @Nullable Map<String, String> channelOptions,
        @Nullable String notifyUrl,
        @Nullable Duration expiresIn,
        @Nullable Ladder ladder,
        @Nullable PaymentWay way,
        @Nullable String attach) {

    public NewPayment {
        channelOptions = channelOptions == null ? null : Map.copyOf(channelOptions);
    }

    /** Creates a request with the defaults of merchant and server. */
    public static NewPayment of(String merchantId, String outTradeNo, Amount amount, String subject, String channel) {
        return new NewPayment(merchantId, outTradeNo, amount, subject, channel, null, null, null, null, null, null);
    }

    public NewPayment withChannelOptions(Map<String, String> value) {
        return new NewPayment(
                merchantId, outTradeNo, amount, subject, channel, value, notifyUrl, expiresIn, ladder, way, attach);
    }

    public NewPayment withNotifyUrl(String value) {
        return new NewPayment(
                merchantId,
                outTradeNo,
                amount,
                subject,
                channel,
                channelOptions,
                value,
                expiresIn,
                ladder,
                way,
                attach);
    }

    public NewPayment expiringIn(Duration value) {
        return new NewPayment(
                merchantId,
                outTradeNo,
                amount,
                subject,
                channel,
                channelOptions,
                notifyUrl,
                value,
                ladder,
                way,
                attach);
    }

    public NewPayment withLadder(Ladder value) {
        return new NewPayment(
                merchantId,
                outTradeNo,
                amount,
                subject,
                channel,
                channelOptions,
                notifyUrl,
                expiresIn,
                value,
                way,
                attach);
    }

    public NewPayment payingBy(PaymentWay value) {
        return new NewPayment(
                merchantId,
                outTradeNo,
                amount,
                subject,
                channel,
                channelOptions,
                notifyUrl,
                expiresIn,
                ladder,
                value,
                attach);
    }

    public NewPayment withAttach(String value) {
        return new NewPayment(
                merchantId,
                outTradeNo,
                amount,
                subject,
                channel,
                channelOptions,
                notifyUrl,
                expiresIn,
                ladder,
                way,
                value);
    }

    String json() {
        JsonWriter json = JsonWriter.object()
                .put("merchant_id", merchantId)
                .put("out_trade_no", outTradeNo)
                .put("amount", amount.json())
                .put("subject", subject)
                .put("channel", channel)
                .put("channel_options", channelOptions)
                .put("notify_url", notifyUrl)
                .put("expires_in", expiresIn)
                .put("ladder", ladder)
                .put("attach", attach);
        return (way == null ? json : way.put(json)).text();
    }
}
