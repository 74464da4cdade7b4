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

    /** A receiver is to be left alone until then; an earlier time than the stored one changes nothing. */
    void throttle(ReceiverId receiver, long until);

    /** The receivers to be left alone after {@code now}, with the time until which; earlier ones are removed. */
    Map<ReceiverId, Long> throttled(long now);
}
