package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;

/** The texts of a payment's timeline. */
final class TimelineMessages {
    private TimelineMessages() {}

    /** The evidence and its consequence. */
    static String told(PaymentUpdate news, Decision verdict) {
        if (news.closeWanted()) {
            return "close requested; the channel has not closed it yet";
        }
        String learnt = who(news.source()) + ": " + evidence(news.evidence());
        return switch (verdict) {
            case Decision.Transition move -> learnt;
            case Decision.NoChange() -> learnt;
            case Decision.Discrepancy doubt -> learnt + "; " + doubt.detail();
        };
    }

    /** The result of a callback. */
    static String callbackVerdict(Payment before, Evidence evidence, Decision verdict) {
        String read = evidence(evidence);
        return switch (verdict) {
            case Decision.Transition(var to, var tradeNo, var paidAt) -> read + "; the payment is " + to.text();
            case Decision.NoChange() ->
                read + "; no change, the payment is " + before.state().text();
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
            case MERCHANT -> "merchant";
            case PLACEMENT -> "placement";
            case CALLBACK -> "callback";
            case QUERY -> "query";
            case CLOSE -> "close";
            case EXPIRY -> "close at expiry";
            case OPERATOR -> "operator";
            case RECONCILIATION -> "bill";
        };
    }
}
