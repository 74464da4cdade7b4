package dev.rung.server.wiring;

import dev.rung.adapter.local.LocalWakeQueue;
import dev.rung.core.port.WakeQueue;
import dev.rung.server.settings.Settings;
import java.time.InstantSource;

/** Chooses what carries wakes. */
final class Queues {
    /** Deliveries the in-process queue may have out at once: enough to keep every slot busy while others wait for theirs. */
    private static final int PREFETCH_PER_SLOT = 4;

    private Queues() {}

    static WakeQueue open(Settings settings, Stores stores, InstantSource clock) {
        return new LocalWakeQueue(
                stores.notifications()::queued,
                clock,
                PREFETCH_PER_SLOT * settings.egress().maxInFlight(),
                CleanEnd.begin(stores.meta()));
    }
}
