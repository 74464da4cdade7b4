package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentChannel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * New information about a payment: evidence with its context.
 *
 * @param access how it can be paid; null if not known
 * @param closeRequested whether a close is requested
 * @param answer the channel's answer, for the timeline
 * @param alwaysOnTimeline whether it is added to the timeline even if the payment does not change
 * @param callback the callback that contained the evidence; its verdict is set from the decision
 */
record PaymentUpdate(
        Evidence evidence,
        ChangeSource source,
        Payment.@Nullable Access access,
        boolean closeRequested,
        @Nullable String answer,
        boolean alwaysOnTimeline,
        @Nullable StoredCallback callback) {

    /** The channel has accepted the order and waits for the payer. */
    static PaymentUpdate placed(Payment.Access access) {
        return new PaymentUpdate(new Evidence.Unpaid(), ChangeSource.PLACEMENT, access, false, null, true, null);
    }

    /** The channel has rejected the order. */
    static PaymentUpdate rejected(String reason) {
        return new PaymentUpdate(new Evidence.Rejected(reason), ChangeSource.PLACEMENT, null, false, null, true, null);
    }

    /** It is unknown whether the order is placed. */
    static PaymentUpdate unclear(String reason) {
        return new PaymentUpdate(new Evidence.Unknown(reason), ChangeSource.PLACEMENT, null, false, null, true, null);
    }

    /** Whether it says why the order is not placed. */
    boolean isAboutPlacement() {
        return source == ChangeSource.PLACEMENT;
    }

    /** The same update, added to the timeline only if the payment changes. */
    PaymentUpdate onTimelineIfChanged() {
        return new PaymentUpdate(evidence, source, access, closeRequested, answer, false, callback);
    }

    static PaymentUpdate ofCallback(Evidence evidence, StoredCallback callback) {
        return new PaymentUpdate(evidence, ChangeSource.CALLBACK, null, false, null, false, callback);
    }

    /** The answer to a query on request: always added to the timeline. */
    static PaymentUpdate ofRequestedCall(Exchange exchange, ChangeSource source) {
        return new PaymentUpdate(exchange.evidence(), source, null, false, exchange.answer(), true, null);
    }

    /** The answer to a query whose result an operator accepts. */
    static PaymentUpdate ofAcceptance(Exchange exchange) {
        return new PaymentUpdate(
                exchange.evidence(), ChangeSource.OPERATOR, null, false, exchange.answer(), false, null);
    }

    /** The answer to a compensating query, which is recorded as an attempt: added to the timeline only if the payment changes. */
    static PaymentUpdate ofCompensatingQuery(Exchange exchange, ChangeSource source) {
        return new PaymentUpdate(exchange.evidence(), source, null, false, exchange.answer(), false, null);
    }

    /** A close is requested, and the channel has not closed the order yet. */
    static PaymentUpdate ofCloseRequest() {
        return new PaymentUpdate(
                new Evidence.Unknown("close requested"), ChangeSource.MERCHANT, null, true, null, true, null);
    }
}
