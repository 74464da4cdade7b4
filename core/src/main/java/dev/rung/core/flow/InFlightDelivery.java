package dev.rung.core.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Hold;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.WakeQueue.WakeMessage;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that this process handles, from the decision about its record until its attempt is settled or it is parked. Mutable fields are
 * guarded by {@link InFlightDeliveries}, or by the lock of {@link Bulkheads}, as noted.
 */
final class InFlightDelivery {
    final WakeMessage message;
    final Delivery delivery;
    /** The receiver's settings, when the decision was made; null if it no longer exists. */
    final @Nullable Receiver receiver;

    /** The bulkhead of its attempt. */
    final BulkheadKey bulkhead;

    final From from;

    /** The newest wake that arrived meanwhile (InFlightDeliveries). */
    volatile @Nullable WakeMessage later;
    /** A user changed the record: the attempt must not begin (InFlightDeliveries). */
    volatile boolean obsolete;
    /** The share of slots that it uses (Bulkheads). */
    @Nullable Share share;
    /** Why it is held back in this process; null if it is not (Bulkheads). */
    @Nullable HoldReason heldBy;
    /** When it was first held back in this process, epoch milliseconds (Bulkheads). */
    long heldSince;
    /** When it began to wait for a slot, epoch milliseconds (Bulkheads). */
    long waitingSince;
    /** When its attempt began, epoch milliseconds (Bulkheads). */
    long startedAt;

    /** Where it came from. */
    enum From {
        /** Its wake was delivered. */
        QUEUE,
        /** This process has just stored it; there is no message. */
        INTAKE,
        /** It was unparked after a freed slot, a resume or a predecessor's settlement; there is no message. */
        STORE
    }

    /** A share of the slots. */
    enum Share {
        GOOD,
        UNKNOWN,
        FAILING
    }

    InFlightDelivery(WakeMessage message, Delivery delivery, @Nullable Receiver receiver, From from) {
        this.message = message;
        this.delivery = delivery;
        this.receiver = receiver;
        this.bulkhead = delivery.bulkhead();
        this.from = from;
    }

    /** It is held back, from now on or for another reason than before. */
    void hold(HoldReason reason, long now) {
        if (heldBy == null) {
            heldSince = now;
        }
        heldBy = reason;
    }

    /** How long it was held back, in this process or before, when its attempt begins; null if it was not. */
    Attempt.@Nullable Held heldUntil(long startedAt) {
        Hold before = delivery.hold();
        HoldReason reason = heldBy != null ? heldBy : before == null ? null : before.reason();
        if (reason == null) {
            return null;
        }
        long millis = startedAt - (before == null ? heldSince : before.since());
        return millis <= 0 ? null : new Attempt.Held(reason, (int) Math.min(millis, Integer.MAX_VALUE));
    }
}
