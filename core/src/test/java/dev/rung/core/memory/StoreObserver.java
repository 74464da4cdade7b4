package dev.rung.core.memory;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.NotificationDetail;
import java.util.List;

/** Receives every change of a {@link MemoryNotificationStore}, under its lock, to check invariants. */
public interface StoreObserver {
    StoreObserver NONE = new StoreObserver() {
        @Override
        public void inserted(NotificationDetail record) {}

        @Override
        public void changed(String method, NotificationDetail before, NotificationDetail after) {}

        @Override
        public void recorded(NotificationDetail before, Attempt attempt) {}

        @Override
        public void deleted(NotificationDetail record, List<Attempt> attempts) {}
    };

    void inserted(NotificationDetail record);

    /** A record was changed by this method of the store. */
    void changed(String method, NotificationDetail before, NotificationDetail after);

    /** An attempt was written; if it changes the record, {@link #changed} follows. */
    void recorded(NotificationDetail before, Attempt attempt);

    void deleted(NotificationDetail record, List<Attempt> attempts);
}
