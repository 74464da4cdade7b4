package dev.rung.channel.alipay;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Alipay says of a trade, in a callback or in the answer to a query, whose signature was verified.
 *
 * <p>The states are those of {@code trade_status} in the documentation of {@code alipay.trade.query} and of the asynchronous notification.
 *
 * @param paidAt when it was paid; null if it never was, or that was not said
 * @param isRefunded whether it speaks of money that went back
 */
record AlipayTrade(
        @Nullable String status,
        @Nullable String tradeNo,
        @Nullable String totalAmount,
        String currency,
        @Nullable String paidAt,
        boolean isRefunded) {

    /** Of an asynchronous notification's fields. */
    static AlipayTrade ofCallback(Function<String, @Nullable String> field) {
        return new AlipayTrade(
                field.apply("trade_status"),
                field.apply("trade_no"),
                field.apply("total_amount"),
                Objects.requireNonNullElse(field.apply("trans_currency"), "CNY"),
                field.apply("gmt_payment"),
                field.apply("refund_fee") != null || field.apply("gmt_refund") != null);
    }

    /** Of the members of {@code alipay_trade_query_response}. */
    static AlipayTrade ofQuery(Function<String, @Nullable String> member) {
        return new AlipayTrade(
                member.apply("trade_status"),
                member.apply("trade_no"),
                member.apply("total_amount"),
                Objects.requireNonNullElse(member.apply("trans_currency"), "CNY"),
                member.apply("send_pay_date"),
                false);
    }

    Evidence evidence() {
        return switch (status) {
            // FINISHED: paid, and too long ago for a refund.
            case "TRADE_SUCCESS", "TRADE_FINISHED" -> paid();
            // The payer has the order before him. No failure: he may still pay.
            case "WAIT_BUYER_PAY" -> new Evidence.Unpaid();
            // Closed unpaid by time or by us; but also: paid, and wholly refunded later. That was a payment, and what
            // became of the
            // money afterwards is another story: a merchant who is told "closed" would not deliver what was paid for at
            // the time.
            case "TRADE_CLOSED" -> paidAt != null || isRefunded ? paid() : new Evidence.Closed();
            case null, default -> new Evidence.Unknown("trade_status " + status);
        };
    }

    private Evidence paid() {
        if (tradeNo == null || totalAmount == null) {
            return new Evidence.Unknown("paid, it says, but not what or how much");
        }
        try {
            return new Evidence.Paid(tradeNo, Money.parseMajor(totalAmount, currency), AlipayTime.parse(paidAt));
        } catch (IllegalArgumentException e) {
            return new Evidence.Unknown("paid, it says, but " + totalAmount + " " + currency + " is no amount");
        }
    }
}
