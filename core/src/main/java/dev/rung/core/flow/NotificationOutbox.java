package dev.rung.core.flow;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;
import org.jspecify.annotations.Nullable;

/** Delivers notifications that the caller commits in its own transactions. Thread-safe. */
public interface NotificationOutbox {
    /**
     * Addresses a notification to its receivers, and assigns ids and the locations of the wakes. The caller stores it and then calls {@link
     * #committed}.
     *
     * @return null if the merchant has no receiver for it
     */
    @Nullable NewNotification prepare(NotificationRequest request);

    /** As {@link #prepare}, for a query of a channel or an alert, which need no receiver. */
    NewNotification prepareQuery(NotificationRequest query);

    /** A prepared notification was committed with the further ones of its event, so that their first attempts may begin. */
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
