package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * A request for a refund: {@code NewRefund.of("R1", new Amount(500, "CNY")).withReason("too cold")}.
 *
 * @param outRefundNo unique per merchant; a repeated request returns the same refund
 * @param notifyUrl overrides the payment's
 */
public record NewRefund(
        String outRefundNo,
        Amount amount,
        @Nullable String reason,
        @Nullable String notifyUrl) {

    public static NewRefund of(String outRefundNo, Amount amount) {
        return new NewRefund(outRefundNo, amount, null, null);
    }

    public NewRefund withReason(String value) {
        return new NewRefund(outRefundNo, amount, value, notifyUrl);
    }

    public NewRefund withNotifyUrl(String value) {
        return new NewRefund(outRefundNo, amount, reason, value);
    }

    String json() {
        return JsonWriter.object()
                .put("out_refund_no", outRefundNo)
                .put("amount", amount.json())
                .put("reason", reason)
                .put("notify_url", notifyUrl)
                .text();
    }
}
