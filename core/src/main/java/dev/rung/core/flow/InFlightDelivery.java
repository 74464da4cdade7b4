package dev.rung.core.flow;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Merchant;
import dev.rung.core.port.WakeQueue.WakeMessage;
import org.jspecify.annotations.Nullable;

/**
 * A notification in this process's hands, from the look at its record until its attempt is settled or it is parked. At most one a
 * notification; what changes in it is guarded by the dispatcher's map of flights, or by the bulkheads' lock, as noted.
 */
final class InFlightDelivery {
    final WakeMessage message;
    final Delivery delivery;
    final Merchant merchant;
    final From from;

    /** A newer valid wake that came meanwhile (map). */
    volatile @Nullable WakeMessage later;
    /** A person cancelled it here: do not begin (map). */
    volatile boolean obsolete;
    /** Which part of the slots it uses (bulkheads). */
    @Nullable Share share;
    /** When it began to wait for a slot, epoch milliseconds (bulkheads). */
    long waitingSince;
    /** When its attempt began, epoch milliseconds (bulkheads). */
    long startedAt;

    /** How it came into this process's hands. */
    enum From {
        /** Its wake was delivered. */
        QUEUE,
        /** It was stored here a moment ago; no message stands behind it. */
        INTAKE,
        /** It was taken back from the store by a freed slot, a resume or a predecessor's end; no message stands behind it. */
        STORE
    }

    /** A part of the slots. */
    enum Share {
        GOOD,
        UNKNOWN,
        FAILING
    }

    InFlightDelivery(WakeMessage message, Delivery delivery, Merchant merchant, From from) {
        this.message = message;
        this.delivery = delivery;
        this.merchant = merchant;
        this.from = from;
    }
}
