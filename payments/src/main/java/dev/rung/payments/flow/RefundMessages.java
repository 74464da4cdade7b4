package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundDecision;
import dev.rung.payments.model.RefundEvidence;

/** The lines about refunds in a payment's timeline. */
final class RefundMessages {
    private RefundMessages() {}

    static String requested(Refund refund) {
        String reason = refund.terms().reason();
        return name(refund) + " requested over " + refund.terms().amount().text()
                + (reason == null ? "" : ": " + reason)
                + (refund.approval() == null
                        ? ""
                        : "; requested by " + refund.approval().requestedBy() + ", another person must approve it");
    }

    static String approved(Refund refund, String by) {
        return name(refund) + " approved by " + by;
    }

    static String madeAtChannel(Refund refund) {
        return name(refund) + ", made at the channel: "
                + refund.terms().amount().text() + " refunded";
    }

    /** The evidence and its consequence. */
    static String learnt(Refund refund, RefundUpdate update, RefundDecision decision) {
        String learnt = name(refund) + ", " + source(update.source()) + ": " + evidence(update.evidence());
        return switch (decision) {
            case RefundDecision.Transition transition -> learnt;
            case RefundDecision.NoChange() -> learnt;
            case RefundDecision.Discrepancy discrepancy -> learnt + "; " + discrepancy.detail();
        };
    }

    /** The result of a callback. */
    static String callbackVerdict(Refund before, RefundEvidence evidence, RefundDecision decision) {
        String read = name(before) + ": " + evidence(evidence);
        return switch (decision) {
            case RefundDecision.Transition transition ->
                read + "; the refund is " + transition.to().text();
            case RefundDecision.NoChange() ->
                read + "; no change, the refund is " + before.state().text();
            case RefundDecision.Discrepancy discrepancy -> read + "; " + discrepancy.detail();
        };
    }

    static String evidence(RefundEvidence evidence) {
        return switch (evidence) {
            case RefundEvidence.Refunded refunded ->
                refunded.amount().text() + " refunded"
                        + (refunded.channelRefundNo() == null ? "" : " as " + refunded.channelRefundNo());
            case RefundEvidence.Processing() -> "accepted, in progress";
            case RefundEvidence.Refused(String reason) -> "refused: " + reason;
            case RefundEvidence.NotApproved(String reason) -> reason;
            case RefundEvidence.Failed(String reason) -> "failed: " + reason;
            case RefundEvidence.Stuck(String reason) -> "stuck: " + reason;
            case RefundEvidence.NotFound(String reason) -> "not found: " + reason;
            case RefundEvidence.NotEnded(String reason) -> "not ended: " + reason;
            case RefundEvidence.Unknown(String reason) -> "unknown: " + reason;
        };
    }

    private static String source(ChangeSource source) {
        return source == ChangeSource.PLACEMENT ? "request" : TimelineMessages.source(source);
    }

    private static String name(Refund refund) {
        String number = refund.terms().outRefundNo();
        return "refund " + (number == null ? refund.number() : number);
    }
}
