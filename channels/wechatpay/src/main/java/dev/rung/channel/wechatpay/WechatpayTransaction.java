package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A transaction as reported by a notification or a query response with a verified signature; both use the same object. */
record WechatpayTransaction(JsonObject members) {

    /** Whether the order belongs to this account. */
    boolean isOf(WechatpayAccount account) {
        return WechatpayParties.areOf(account, members);
    }

    @Nullable String outTradeNo() {
        return members.text("out_trade_no");
    }

    /** Whether it is the order of this payment. */
    boolean isOf(WechatpayParties parties, Payment payment) {
        return parties.haveMade(members) && payment.id().toString().equals(outTradeNo());
    }

    /**
     * States: {@code trade_state} in the documentation of the query by {@code out-trade-no}.
     *
     * @param byBarcode whether the payer's code was charged
     */
    Evidence evidence(boolean byBarcode) {
        String state = members.text("trade_state");
        return switch (state) {
            case "SUCCESS" -> paid();
            // REFUND ("转入退款"): paid, and later refunded in part or in full. The payment's result is paid; refunds are
            // tracked separately.
            case "REFUND" -> paid();
            // The order is open; USERPAYING: the payer is entering the password.
            case "NOTPAY", "USERPAYING" -> new Evidence.Unpaid();
            case "CLOSED" -> new Evidence.Closed();
            // Documented only for orders paid with the payer's code (付款码). For others the meaning is unclear: REVOKED
            // may
            // have been paid, and after PAYERROR the payer may try again.
            case "REVOKED" -> byBarcode ? new Evidence.Closed() : doesNotApply(state);
            case "PAYERROR" -> byBarcode ? new Evidence.Failed(failure()) : doesNotApply(state);
            case null, default -> new Evidence.Unknown("trade_state " + state);
        };
    }

    private static Evidence doesNotApply(String state) {
        return new Evidence.Unknown("trade_state " + state + " applies to barcode payments only");
    }

    private String failure() {
        String said = members.text("trade_state_desc");
        return said == null ? "PAYERROR" : "PAYERROR: " + TextLimits.truncate(said, 200);
    }

    private Evidence paid() {
        String transaction = members.text("transaction_id");
        JsonObject amount = members.object("amount");
        String total = amount == null ? null : amount.text("total");
        if (transaction == null || amount == null || total == null) {
            return new Evidence.Unknown("paid, but the transaction id or the amount is missing");
        }
        String currency = Objects.requireNonNullElse(amount.text("currency"), "CNY");
        try {
            return new Evidence.Paid(transaction, Money.of(Long.parseLong(total), currency), paidAt());
        } catch (IllegalArgumentException e) {
            return new Evidence.Unknown("paid, but " + total + " " + currency + " is not an amount");
        }
    }

    /** Null if the text is not a time: a missing time does not make a payment doubtful. */
    private @Nullable Instant paidAt() {
        String time = members.text("success_time");
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
