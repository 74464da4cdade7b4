package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Placement;

/** An event of a payment, reported after the commit. The server turns each into a log line and a metric. */
public sealed interface PaymentsEvent {
    /** A payment was stored. */
    record Created(Payment payment) implements PaymentsEvent {}

    /** A placement was made, with this result. */
    record Placed(Payment payment, Placement placement) implements PaymentsEvent {}

    /** A query was made, with this result. */
    record Queried(Payment payment, Evidence evidence) implements PaymentsEvent {}

    /** The state of a payment changed. */
    record StateChanged(Payment before, Payment after, ChangeSource source) implements PaymentsEvent {
        /** Whether a query found it paid before a callback arrived. */
        public boolean isFoundByQuery() {
            return after.state() == PaymentState.SUCCEEDED
                    && switch (source) {
                        case QUERY, CLOSE, EXPIRY -> true;
                        case MERCHANT, PLACEMENT, CALLBACK, OPERATOR, RECONCILIATION -> false;
                    };
        }
    }

    /** A refund was stored: asked for here, or made at the channel. */
    record RefundCreated(Refund refund) implements PaymentsEvent {}

    /** A channel was asked for a refund, or about one. */
    record RefundQueried(Payment payment, RefundEvidence evidence) implements PaymentsEvent {}

    /** A refund changed its state. */
    record RefundStateChanged(Refund before, Refund after, ChangeSource source) implements PaymentsEvent {}

    /** A discrepancy was stored. Reported once, however often it is found. */
    record DiscrepancyFound(StoredDiscrepancy discrepancy) implements PaymentsEvent {}

    /** A callback was received. */
    record CallbackReceived(String channel, CallbackResult result) implements PaymentsEvent {
        /** The result of a callback. */
        public enum CallbackResult {
            /** It changed the state of its payment. */
            APPLIED,
            /** It contained nothing new. */
            UNCHANGED,
            /** It contradicts the payment: a discrepancy. */
            DISCREPANCY,
            /** Its payment is unknown, at least so far. */
            UNKNOWN_ORDER,
            /** It could not be verified. */
            UNVERIFIED
        }
    }

    /** A bug. No payment is lost, because its compensating query continues. */
    record Defect(Throwable cause) implements PaymentsEvent {}
}
