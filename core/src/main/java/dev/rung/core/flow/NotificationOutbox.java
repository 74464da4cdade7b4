package dev.rung.core.flow;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;

/** Delivers notifications that the caller commits in its own transactions. Thread-safe. */
public interface NotificationOutbox {
    /** Assigns an id and the location of the wake. The caller stores the notification and then calls {@link #committed}. */
    NewNotification prepare(NotificationRequest request);

    /** A prepared notification was committed, so that its first attempt may begin. */
    void committed(NewNotification notification);

    /** The caller's transaction changed a delivery: if its attempt still waits for a slot, it does not begin. */
    void changed(NotificationId id);

    /**
     * Makes an attempt due now. As {@link Engine#resend}, but without an event. Blocks for the store.
     *
     * @throws StoreException if the store failed
     */
    void makeDueNow(NotificationId id);
}
