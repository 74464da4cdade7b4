package dev.rung.channel.alipay;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A trade as reported by a callback or a query response with a verified signature.
 *
 * <p>States: {@code trade_status} in the documentation of {@code alipay.trade.query} and of the asynchronous notification.
 *
 * @param paidAt when it was paid; null if unpaid or not reported
 * @param isRefunded whether it reports a refund
 */
record AlipayTrade(
        @Nullable String status,
        @Nullable String tradeNo,
        @Nullable String totalAmount,
        String currency,
        @Nullable String paidAt,
        boolean isRefunded) {

    /** From the fields of an asynchronous notification. */
    static AlipayTrade ofCallback(Function<String, @Nullable String> field) {
        return new AlipayTrade(
                field.apply("trade_status"),
                field.apply("trade_no"),
                field.apply("total_amount"),
                Objects.requireNonNullElse(field.apply("trans_currency"), "CNY"),
                field.apply("gmt_payment"),
                field.apply("refund_fee") != null || field.apply("gmt_refund") != null);
    }

    /** From the members of {@code alipay_trade_query_response}. */
    static AlipayTrade ofQuery(Function<String, @Nullable String> member) {
        return new AlipayTrade(
                member.apply("trade_status"),
                member.apply("trade_no"),
                member.apply("total_amount"),
                Objects.requireNonNullElse(member.apply("trans_currency"), "CNY"),
                member.apply("send_pay_date"),
                false);
    }

    /** From the members of a successful {@code alipay_trade_pay_response}, which has no state: it is paid. */
    static AlipayTrade ofCharge(Function<String, @Nullable String> member) {
        return new AlipayTrade(
                "TRADE_SUCCESS",
                member.apply("trade_no"),
                member.apply("total_amount"),
                Objects.requireNonNullElse(member.apply("trans_currency"), "CNY"),
                member.apply("gmt_payment"),
                false);
    }

    Evidence evidence() {
        return switch (status) {
            // FINISHED: paid, and the refund period is over.
            case "TRADE_SUCCESS", "TRADE_FINISHED" -> paid();
            // The payer has opened the order and may still pay.
            case "WAIT_BUYER_PAY" -> new Evidence.Unpaid();
            // Closed unpaid (expired or by Rung), or paid and later fully refunded. The latter counts as paid: with the
            // result "closed" the merchant would not deliver goods that were paid for. Refunds are tracked separately.
            case "TRADE_CLOSED" -> paidAt != null || isRefunded ? paid() : new Evidence.Closed();
            case null, default -> new Evidence.Unknown("trade_status " + status);
        };
    }

    private Evidence paid() {
        if (tradeNo == null || totalAmount == null) {
            return new Evidence.Unknown("paid, but the trade number or the amount is missing");
        }
        try {
            return new Evidence.Paid(tradeNo, Money.parseMajor(totalAmount, currency), AlipayTime.parse(paidAt));
        } catch (IllegalArgumentException e) {
            return new Evidence.Unknown("paid, but " + totalAmount + " " + currency + " is not an amount");
        }
    }
}
