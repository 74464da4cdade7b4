package dev.rung.core.flow;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.Owed;
import dev.rung.core.port.WakeQueue.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A notification in this process's hands, from the look at its record until its attempt is settled or it is parked. At most one a
 * notification; what changes in it is guarded by the dispatcher's map of flights, or by the bulkheads' lock, as noted.
 */
final class Flight {
    final Delivery delivery;
    final Owed owed;
    final Merchant merchant;
    /** It was taken back from the store by a freed slot, a resume or a predecessor's end: no message stands behind it. */
    final boolean pulled;

    /** A newer valid wake that came meanwhile (map). */
    volatile @Nullable Delivery later;
    /** A person cancelled it here: do not begin (map). */
    volatile boolean obsolete;
    /** Which part of the slots it uses (bulkheads). */
    @Nullable Share share;
    /** When it began to wait for a slot, epoch milliseconds (bulkheads). */
    long waitingSince;
    /** When its attempt began, epoch milliseconds (bulkheads). */
    long startedAt;

    /** A part of the slots. */
    enum Share {
        GOOD,
        UNKNOWN,
        FAILING
    }

    Flight(Delivery delivery, Owed owed, Merchant merchant, boolean pulled) {
        this.delivery = delivery;
        this.owed = owed;
        this.merchant = merchant;
        this.pulled = pulled;
    }
}
