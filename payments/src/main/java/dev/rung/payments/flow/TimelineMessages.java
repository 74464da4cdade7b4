package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;

/** What a payment's story says, in sentences for a person. */
final class TimelineMessages {
    private TimelineMessages() {}

    /** What was learnt, and what followed. */
    static String told(PaymentUpdate news, Decision verdict) {
        if (news.closeWanted()) {
            return "to be closed as soon as the channel does it";
        }
        String learnt = who(news.source()) + ": " + evidence(news.evidence());
        return switch (verdict) {
            case Decision.Transition move -> learnt;
            case Decision.NoChange() -> learnt;
            case Decision.Discrepancy doubt -> learnt + "; " + doubt.detail();
        };
    }

    /** What was made of a callback. */
    static String callbackVerdict(Payment before, Evidence evidence, Decision verdict) {
        String read = evidence(evidence);
        return switch (verdict) {
            case Decision.Transition(var to, var tradeNo, var paidAt) -> read + "; the payment is " + to.text();
            case Decision.NoChange() ->
                read + "; nothing new, the payment is " + before.state().text();
            case Decision.Discrepancy doubt -> read + "; " + doubt.detail();
        };
    }

    static String evidence(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid paid -> "paid " + paid.amount().text() + " as " + paid.channelTradeNo();
            case Evidence.Unpaid() -> "waiting for the payer";
            case Evidence.Refused(String reason) -> "refused: " + reason;
            case Evidence.Failed(String reason) -> "failed: " + reason;
            case Evidence.Closed() -> "closed";
            case Evidence.Unknown(String reason) -> "unknown: " + reason;
        };
    }

    private static String who(ChangeSource source) {
        return switch (source) {
            case MERCHANT -> "the merchant";
            case PLACEMENT -> "placing it";
            case CALLBACK -> "a callback";
            case QUERY -> "a query";
            case CLOSE -> "closing it";
            case EXPIRY -> "closing it at its expiry";
            case OPERATOR -> "the operator";
            case RECONCILIATION -> "the channel's bill";
        };
    }
}
