package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Placement;

/** What happened to payments, told after it is committed. The server turns each into a log line and a metric. */
public sealed interface PaymentsEvent {
    /** A payment is taken down. */
    record Created(Payment payment) implements PaymentsEvent {}

    /** A channel was asked to take an order. */
    record Placed(Payment payment, Placement placement) implements PaymentsEvent {}

    /** A channel was asked what it knows. */
    record Queried(Payment payment, Evidence evidence) implements PaymentsEvent {}

    /** A payment moved. */
    record Moved(Payment before, Payment after, ChangeSource source) implements PaymentsEvent {
        /** It was paid, and we asked before the channel told us. */
        public boolean isRescue() {
            return after.state() == PaymentState.SUCCEEDED
                    && switch (source) {
                        case QUERY, CLOSE, EXPIRY -> true;
                        case MERCHANT, PLACEMENT, CALLBACK, OPERATOR, RECONCILIATION -> false;
                    };
        }
    }

    /** Something does not fit: a person must look. Told once, as the finding is stored once, however often it is seen. */
    record Doubted(StoredDiscrepancy finding) implements PaymentsEvent {}

    /** A callback came. */
    record CalledBack(String channel, Reception reception) implements PaymentsEvent {
        /** What was made of it. */
        public enum Reception {
            /** It moved its payment. */
            APPLIED,
            /** It said nothing new. */
            KNOWN,
            /** It does not fit what is known: a discrepancy. */
            DOUBTED,
            /** There is no such payment (yet). */
            UNKNOWN_ORDER,
            /** Not to be believed. */
            UNVERIFIED
        }
    }

    /** Something failed that never should: a bug, to be reported. Nothing is lost by it: the compensating query goes on. */
    record Defect(Throwable cause) implements PaymentsEvent {}
}
