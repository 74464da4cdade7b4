package dev.rung.payments.flow;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import org.jspecify.annotations.Nullable;

/** The engine, which is made after what uses it: its sender is among what it is made of. Thread-safe. */
final class LateDeliveries implements Deliveries {
    private volatile @Nullable Deliveries engine;

    void become(Deliveries deliveries) {
        engine = deliveries;
    }

    private Deliveries engine() {
        Deliveries present = engine;
        if (present == null) {
            throw new IllegalStateException("payments are used before they were started");
        }
        return present;
    }

    @Override
    public NewNotification number(NotificationRequest request) {
        return engine().number(request);
    }

    @Override
    public void stored(NewNotification notification) {
        engine().stored(notification);
    }

    @Override
    public void moved(NotificationId id) {
        engine().moved(id);
    }

    @Override
    public void makeDueNow(NotificationId id) {
        engine().makeDueNow(id);
    }
}
