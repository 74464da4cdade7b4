package dev.rung.core.port;

/**
 * Broadcasts events between the servers that share a broker. Best effort: nothing is stored, and an event that cannot be sent or received
 * immediately is dropped. A server does not receive its own events. Thread-safe.
 */
public interface ClusterEvents extends AutoCloseable {

    /** Starts sending and receiving as soon as the broker is reachable. Called once. */
    void start();

    /** Whether events can be sent and received now. */
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
