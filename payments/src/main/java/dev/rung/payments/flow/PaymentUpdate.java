package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentChannel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Something that was learnt about a payment, and what of it belongs to its story.
 *
 * @param payUrl where it can be paid, if that was learnt
 * @param closeWanted somebody wants it closed
 * @param answer what the channel said, for the story
 * @param telling whether the story tells it even if nothing comes of it
 * @param callback what brought it; its verdict is filled in from what comes of it
 */
record PaymentUpdate(
        Evidence evidence,
        ChangeSource source,
        @Nullable String payUrl,
        boolean closeWanted,
        @Nullable String answer,
        boolean telling,
        @Nullable StoredCallback callback) {

    /** The channel has taken the order and waits for the payer. */
    static PaymentUpdate placed(String payUrl) {
        return new PaymentUpdate(new Evidence.Unpaid(), ChangeSource.PLACEMENT, payUrl, false, null, true, null);
    }

    /** The channel will not take the order. */
    static PaymentUpdate refused(String reason) {
        return new PaymentUpdate(new Evidence.Refused(reason), ChangeSource.PLACEMENT, null, false, null, true, null);
    }

    /** It may or may not be placed. */
    static PaymentUpdate unclear(String reason) {
        return new PaymentUpdate(new Evidence.Unknown(reason), ChangeSource.PLACEMENT, null, false, null, true, null);
    }

    /** The same, told by the story only if something comes of it. */
    PaymentUpdate quietly() {
        return new PaymentUpdate(evidence, source, payUrl, closeWanted, answer, false, callback);
    }

    static PaymentUpdate calledBack(Evidence evidence, StoredCallback callback) {
        return new PaymentUpdate(evidence, ChangeSource.CALLBACK, null, false, null, false, callback);
    }

    /** The answer to somebody who asked: the story tells it in any case. */
    static PaymentUpdate asked(Exchange exchange, ChangeSource source) {
        return new PaymentUpdate(exchange.evidence(), source, null, false, exchange.answer(), true, null);
    }

    /** The answer to a compensating query, which is on record as an attempt: the story tells it only if something comes of it. */
    static PaymentUpdate found(Exchange exchange, ChangeSource source) {
        return new PaymentUpdate(exchange.evidence(), source, null, false, exchange.answer(), false, null);
    }

    /** Somebody wants it closed, and the channel has not done so yet. */
    static PaymentUpdate toBeClosed() {
        return new PaymentUpdate(
                new Evidence.Unknown("to be closed"), ChangeSource.MERCHANT, null, true, null, true, null);
    }
}
