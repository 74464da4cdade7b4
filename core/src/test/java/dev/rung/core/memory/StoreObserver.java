package dev.rung.core.memory;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.NotificationDetail;
import java.util.List;

/** Is told every change of a {@link MemoryNotificationStore}, under its lock: for tests of what may never happen. */
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

    /** A record moved, by this method of the store. */
    void changed(String method, NotificationDetail before, NotificationDetail after);

    /** An attempt was written; if it moves the record, {@link #changed} follows. */
    void recorded(NotificationDetail before, Attempt attempt);

    void deleted(NotificationDetail record, List<Attempt> attempts);
}
