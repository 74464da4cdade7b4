package dev.rung.payments.flow;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Source;
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
record News(
        Evidence evidence,
        Source source,
        @Nullable String payUrl,
        boolean closeWanted,
        @Nullable String answer,
        boolean telling,
        @Nullable StoredCallback callback) {

    /** The channel has taken the order and waits for the payer. */
    static News placed(String payUrl) {
        return new News(new Evidence.Unpaid(), Source.PLACEMENT, payUrl, false, null, true, null);
    }

    /** The channel will not take the order. */
    static News refused(String reason) {
        return new News(new Evidence.Refused(reason), Source.PLACEMENT, null, false, null, true, null);
    }

    /** It may or may not be placed. */
    static News unclear(String reason) {
        return new News(new Evidence.Unknown(reason), Source.PLACEMENT, null, false, null, true, null);
    }

    /** The same, told by the story only if something comes of it. */
    News quietly() {
        return new News(evidence, source, payUrl, closeWanted, answer, false, callback);
    }

    static News calledBack(Evidence evidence, StoredCallback callback) {
        return new News(evidence, Source.CALLBACK, null, false, null, false, callback);
    }

    /** The answer to somebody who asked: the story tells it in any case. */
    static News asked(Exchange exchange, Source source) {
        return new News(exchange.evidence(), source, null, false, exchange.answer(), true, null);
    }

    /** The answer to a compensating query, which is on record as an attempt: the story tells it only if something comes of it. */
    static News found(Exchange exchange, Source source) {
        return new News(exchange.evidence(), source, null, false, exchange.answer(), false, null);
    }

    /** Somebody wants it closed, and the channel has not done so yet. */
    static News toBeClosed() {
        return new News(new Evidence.Unknown("to be closed"), Source.MERCHANT, null, true, null, true, null);
    }
}
