package dev.rung.core.port;

/**
 * Broadcasts events between the servers that share a broker, best effort: nothing is stored, and what cannot be sent or received now is
 * dropped. A server does not receive its own events. Thread-safe.
 */
public interface ClusterEvents extends AutoCloseable {

    /** Begins to send and receive, as soon as the broker is reachable. Called once. */
    void start();

    /** Whether events are sent and received now. */
    boolean isConnected();

    /**
     * Sends an event to the other servers. Never blocks.
     *
     * @return false if it was dropped
     */
    boolean publish(byte[] event);

    @Override
    void close();
}
