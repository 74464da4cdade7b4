package dev.rung.core.flow;

import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.StoreException;

/**
 * Makes limits of receivers hold for all servers together: each server takes an equal share of a rate, and learns which receivers have asked another
 * server to wait. Thread-safe; called once a second.
 */
final class ClusterLimits {
    /** A server that was not seen for this long has died or is cut off. */
    private static final long ALIVE_MILLIS = 5_000;

    private final ClusterStore store;
    private final EngineRuntime runtime;
    private final Bulkheads bulkheads;
    private final boolean shared;
    private final long server;

    /**
     * @param shared whether other servers may work on the same deliveries
     * @param server an id that no other server has
     */
    ClusterLimits(ClusterStore store, EngineRuntime runtime, Bulkheads bulkheads, boolean shared, long server) {
        this.store = store;
        this.runtime = runtime;
        this.bulkheads = bulkheads;
        this.shared = shared;
        this.server = server;
    }

    /**
     * Announces this server, and reads what the others know.
     *
     * @throws StoreException if the store failed
     */
    void refresh() {
        long now = runtime.now();
        if (shared) {
            bulkheads.setServers(store.heartbeat(server, now, now - ALIVE_MILLIS));
        }
        bulkheads.throttledElsewhere(store.throttled(now));
    }

    /** Tells the other servers, and this one after a restart, that a receiver has asked to wait. */
    void throttled(ReceiverId receiver, long until) {
        runtime.execute(() -> {
            try {
                store.throttle(receiver, until);
            } catch (StoreException e) {
                // The others learn it from the receiver.
                return;
            }
        });
    }

    /** This server takes no share any more. */
    void leave() {
        if (shared) {
            try {
                store.leave(server);
            } catch (StoreException e) {
                // It is no longer counted once it has not been seen for a while.
                return;
            }
        }
    }
}
