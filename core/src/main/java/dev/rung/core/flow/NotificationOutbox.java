package dev.rung.core.flow;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;

/** Delivers notifications that its user commits in transactions of its own. Thread-safe. */
public interface NotificationOutbox {
    /** Gives a request its id and its wake's location. The user stores it and then calls {@link #committed}. */
    NewNotification prepare(NotificationRequest request);

    /** A prepared notification was committed: its first attempt may begin. */
    void committed(NewNotification notification);

    /** A record was changed by another transaction than the engine's: an attempt of it that still waits for a slot does not begin. */
    void changed(NotificationId id);

    /**
     * Makes an attempt due now. As {@link Engine#resend}, but without an event. Blocks for the store.
     *
     * @throws StoreException if the store could not
     */
    void makeDueNow(NotificationId id);
}
