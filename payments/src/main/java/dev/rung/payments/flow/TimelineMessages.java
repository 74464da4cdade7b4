package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;

/** The texts of a payment's timeline. */
final class TimelineMessages {
    /** The last line of a payment, or the last of a refund, whose merchant has no receiver for the result. */
    static final String NO_RECEIVER = "not notified: the merchant has no receiver for this event";

    private TimelineMessages() {}

    /** The evidence and its consequence. */
    static String detail(PaymentUpdate update, Decision decision) {
        if (update.closeRequested()) {
            return "close requested; the channel has not closed it yet";
        }
        String text = source(update.source()) + ": " + evidence(update.evidence());
        return switch (decision) {
            case Decision.Transition move -> text;
            case Decision.NoChange() -> text;
            case Decision.Discrepancy found -> text + "; " + found.detail();
        };
    }

    /** The result of a callback. */
    static String callbackVerdict(Payment before, Evidence evidence, Decision decision) {
        String read = evidence(evidence);
        return switch (decision) {
            case Decision.Transition move ->
                read + "; the payment is " + move.to().text();
            case Decision.NoChange() ->
                read + "; no change, the payment is " + before.state().text();
            case Decision.Discrepancy found -> read + "; " + found.detail();
        };
    }

    static String evidence(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid paid -> "paid " + paid.amount().text() + " as " + paid.channelTradeNo();
            case Evidence.Unpaid() -> "waiting for the payer";
            case Evidence.Rejected(String reason) -> "rejected: " + reason;
            case Evidence.Failed(String reason) -> "failed: " + reason;
            case Evidence.Closed() -> "closed";
            case Evidence.NotFound(String reason) -> "not found: " + reason;
            case Evidence.Unknown(String reason) -> "unknown: " + reason;
        };
    }

    /** Who brought evidence. */
    static String source(ChangeSource source) {
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
