package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Evidence about a refund, with its context.
 *
 * @param answer what the channel said, for the timeline
 * @param telling whether the timeline gets a line even if nothing changes
 * @param callback the callback that contained it; its verdict is set from the decision
 */
record RefundUpdate(
        RefundEvidence evidence,
        ChangeSource source,
        @Nullable String answer,
        boolean telling,
        @Nullable StoredCallback callback) {

    /** The answer to the request for the refund. */
    static RefundUpdate requested(Exchange exchange) {
        return new RefundUpdate(exchange.evidence(), ChangeSource.PLACEMENT, exchange.answer(), true, null);
    }

    /** The request could not be made. */
    static RefundUpdate unclear(String reason) {
        return new RefundUpdate(new RefundEvidence.Unknown(reason), ChangeSource.PLACEMENT, null, true, null);
    }

    /** The same, in the timeline only if something changes: repeated requests are on record as attempts. */
    RefundUpdate quietly() {
        return new RefundUpdate(evidence, source, answer, false, callback);
    }

    static RefundUpdate ofCallback(RefundEvidence evidence, StoredCallback callback) {
        return new RefundUpdate(evidence, ChangeSource.CALLBACK, null, false, callback);
    }

    /** What an operator decided; in the timeline if something changes. */
    static RefundUpdate ofOperator(RefundEvidence evidence) {
        return new RefundUpdate(evidence, ChangeSource.OPERATOR, null, false, null);
    }

    /** The answer to a query that a user requested. */
    static RefundUpdate ofRequestedQuery(Exchange exchange) {
        return new RefundUpdate(exchange.evidence(), ChangeSource.QUERY, exchange.answer(), true, null);
    }

    /** The answer to a compensating query, which is on record as an attempt. */
    static RefundUpdate ofCompensatingQuery(Exchange exchange) {
        return ofRequestedQuery(exchange).quietly();
    }
}
