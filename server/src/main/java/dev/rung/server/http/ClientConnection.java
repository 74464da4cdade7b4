package dev.rung.server.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** What a connection is doing, and since when. Thread-safe. */
public final class ClientConnection {
    /** The connection of the request that this thread handles. */
    public static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

    private final SocketChannel channel;
    private final Object address;
    private Phase phase = Phase.HEAD;
    private long since;
    private long bytes;
    private int turn;
    private int requestsInTurn;
    private boolean givenUp;

    /** What a connection waits for. */
    enum Phase {
        /** For the rest of a TLS handshake or of a head. */
        HEAD(4),
        /** For the server: it handles a request, or streams events. */
        SERVER(0),
        /** For more of the body. */
        BODY(2),
        /** For the client to read the response. */
        RESPONSE(2),
        /** For the next request. */
        IDLE(1);

        private final int weight;

        Phase(int weight) {
            this.weight = weight;
        }

        /** How much a second of waiting counts when one connection has to be closed; 0: it is not closed. */
        int weight() {
            return weight;
        }

        /** Whether it has a deadline here; the container closes idle connections. */
        boolean hasDeadline() {
            return this == HEAD || this == BODY || this == RESPONSE;
        }
    }

    /**
     * @param address the key that its address is counted by
     * @param now in nanoseconds, as {@link System#nanoTime()}, also below
     */
    ClientConnection(SocketChannel channel, Object address, long now) {
        this.channel = channel;
        this.address = address;
        this.since = now;
    }

    Object address() {
        return address;
    }

    /** Data or an error has arrived, and a thread begins to process it; returns the turn's number. */
    synchronized int beginTurn(long now) {
        requestsInTurn = 0;
        if (phase == Phase.IDLE) {
            enter(Phase.HEAD, now);
        }
        return ++turn;
    }

    /** The thread has answered every request that there was; a later turn may have begun already. */
    synchronized void endTurn(int number, long now) {
        if (number == turn) {
            enter(Phase.IDLE, now);
        }
    }

    /** The thread has processed what there was, and a request is incomplete, or answered by another thread. */
    synchronized void endIncompleteTurn(int number, long now) {
        if (number == turn && phase == Phase.RESPONSE) {
            enter(Phase.HEAD, now); // the next one's head
        }
    }

    /** The head is complete; returns how many requests have begun since the client was last waited for. */
    public synchronized int beginRequest(long now) {
        enter(Phase.SERVER, now);
        return ++requestsInTurn;
    }

    /** The response is complete, but perhaps not sent. */
    public synchronized void endRequest(long now) {
        enter(Phase.RESPONSE, now);
    }

    /** The server waits for more of the body, whose deadline began at {@code began}. */
    public synchronized void awaitBody(long began, long received) {
        phase = Phase.BODY;
        since = began;
        bytes = received;
    }

    /** The server waits until the client takes more of the response, whose deadline began at {@code began}. */
    public synchronized void awaitReader(long began, long sent) {
        phase = Phase.RESPONSE;
        since = began;
        bytes = sent;
    }

    /** The client need not be waited for. */
    public synchronized void goOn() {
        phase = Phase.SERVER;
    }

    private void enter(Phase next, long now) {
        phase = next;
        since = now;
        bytes = 0;
    }

    /** Whether the server handles its request, or waits for the request's body or the reader of the response. */
    synchronized boolean isBusy() {
        return phase != Phase.HEAD && phase != Phase.IDLE;
    }

    /** How long the client has been waited for, weighted; 0 if it is not waited for. */
    synchronized double cost(long now) {
        return givenUp ? 0 : (double) (now - since) * phase.weight();
    }

    /** Marks it as closed or about to be; false if it was already. */
    synchronized boolean giveUp() {
        boolean first = !givenUp;
        givenUp = true;
        return first;
    }

    synchronized boolean isOverdue(long now, ConnectionLimits limits) {
        return !givenUp
                && phase.hasDeadline()
                && now - since > limits.deadline().toNanos() + bytes * 1_000_000_000L / limits.bytesPerSecond();
    }

    /**
     * Ends both directions, so that the owner of the connection (a blocked thread or the container's poller) finds
     * its end and closes it. Closing the channel here would leave a blocked thread waiting.
     */
    void cut() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // what was not read is dropped
            channel.shutdownInput();
            channel.shutdownOutput();
        } catch (IOException | UnsupportedOperationException e) {
            return; // closed already
        }
    }
}
