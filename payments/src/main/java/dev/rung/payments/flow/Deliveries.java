package dev.rung.payments.flow;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;

/** What payments ask of the engine: to carry what they commit in transactions of their own. */
interface Deliveries {
    /** Gives a draft its id and its place. */
    NewNotification number(NotificationRequest request);

    /** It is committed: its first wake may go on its way. */
    void stored(NewNotification notification);

    /** Its record was moved by another transaction. */
    void moved(NotificationId id);

    /** It is due now. */
    void makeDueNow(NotificationId id);

    static Deliveries of(Engine engine) {
        return new Deliveries() {
            @Override
            public NewNotification number(NotificationRequest request) {
                return engine.number(request);
            }

            @Override
            public void stored(NewNotification notification) {
                engine.stored(notification);
            }

            @Override
            public void moved(NotificationId id) {
                engine.moved(id);
            }

            @Override
            public void makeDueNow(NotificationId id) {
                engine.makeDueNow(id);
            }
        };
    }
}
