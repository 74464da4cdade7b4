package dev.rung.core.port;

import dev.rung.core.model.ReceiverId;
import java.util.Map;

/**
 * What the servers on one database know of each other: which of them are alive, and which receivers have asked to wait. Thread-safe; every method
 * is one transaction. Times are epoch milliseconds.
 */
public interface ClusterStore {

    /**
     * Records that a server is alive now; servers last seen before {@code since} are removed.
     *
     * @return the number of servers alive, this one included
     */
    int heartbeat(long server, long now, long since);

    /** Removes a server that stops. */
    void leave(long server);

    /** Stores that a receiver gets no attempts until then; a time earlier than the stored one changes nothing. */
    void throttle(ReceiverId receiver, long until);

    /** The receivers that get no attempts after {@code now}, with the end of their waits; expired waits are removed. */
    Map<ReceiverId, Long> throttled(long now);
}
