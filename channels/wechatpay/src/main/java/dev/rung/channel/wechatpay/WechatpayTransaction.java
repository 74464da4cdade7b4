package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What WeChat Pay says of a transaction, in a notification or in the answer to a query: the same object, whose signature was verified. */
record WechatpayTransaction(JsonObject members) {

    /** Whether it speaks of an order of this merchant and app. */
    boolean isOf(WechatpayAccount account) {
        return account.appId().equals(members.text("appid")) && account.mchId().equals(members.text("mchid"));
    }

    @Nullable String outTradeNo() {
        return members.text("out_trade_no");
    }

    /** The states are those of {@code trade_state} in the documentation of the query by {@code out-trade-no}. */
    Evidence evidence() {
        return switch (members.text("trade_state")) {
            case "SUCCESS" -> paid();
            // "Turned into a refund": it was paid once, and money went back later, a part of it or all. The merchant is
            // told of the payment;
            // what became of the money afterwards is another story.
            case "REFUND" -> paid();
            // The order is open; USERPAYING: the payer is about to.
            case "NOTPAY", "USERPAYING" -> new Evidence.Unpaid();
            case "CLOSED" -> new Evidence.Closed();
            // Said only of orders paid by the payer's own code, which are not placed here. It would be a guess what
            // they mean for a native one:
            // REVOKED may have been paid, and after PAYERROR the payer may try again.
            case "REVOKED", "PAYERROR" ->
                new Evidence.Unknown("trade_state " + members.text("trade_state") + " is not for native orders");
            case null, default -> new Evidence.Unknown("trade_state " + members.text("trade_state"));
        };
    }

    private Evidence paid() {
        String transaction = members.text("transaction_id");
        JsonObject amount = members.object("amount");
        String total = amount == null ? null : amount.text("total");
        if (transaction == null || amount == null || total == null) {
            return new Evidence.Unknown("paid, it says, but not what or how much");
        }
        String currency = Objects.requireNonNullElse(amount.text("currency"), "CNY");
        try {
            return new Evidence.Paid(transaction, Money.of(Long.parseLong(total), currency), paidAt());
        } catch (IllegalArgumentException e) {
            return new Evidence.Unknown("paid, it says, but " + total + " " + currency + " is no amount");
        }
    }

    /** Null when it is not a time: a payment is not doubted because it is not said when it was made. */
    private @Nullable Instant paidAt() {
        String time = members.text("success_time");
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
