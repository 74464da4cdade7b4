package dev.rung.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Many connections that keep a server waiting; each that is closed is opened again. */
final class HostileClients implements AutoCloseable {
    /** Another one than that of the test's own requests. */
    private static final InetAddress OTHER_ADDRESS = InetAddress.ofLiteral("127.0.0.2");

    private final InetSocketAddress server;
    private final Behavior behavior;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger connected = new AtomicInteger();
    private volatile boolean closed;

    /** What a connection does; it returns or fails when it is closed. */
    interface Behavior {
        void run(Socket socket) throws IOException, InterruptedException;
    }

    HostileClients(URI server, int connections, Behavior behavior) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
        this.behavior = behavior;
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(this::repeat));
        }
    }

    /** Sends the first bytes at once, and a further one after each pause. */
    static Behavior dribbling(byte[] first, byte further, Duration pause) {
        return socket -> {
            OutputStream out = socket.getOutputStream();
            out.write(first);
            while (true) {
                Thread.sleep(pause);
                out.write(further);
            }
        };
    }

    /** Sends requests without end and reads no response. */
    static Behavior sendingAhead(byte[] requests) {
        return socket -> {
            while (true) {
                socket.getOutputStream().write(requests);
            }
        };
    }

    /** Sends one of the requests, each time another one, and reads the response to its end. */
    static Behavior sending(byte[][] requests) {
        AtomicInteger next = new AtomicInteger();
        return socket -> {
            socket.getOutputStream().write(requests[Math.floorMod(next.getAndIncrement(), requests.length)]);
            socket.getInputStream().readAllBytes();
        };
    }

    /** Connections made so far. */
    int connected() {
        return connected.get();
    }

    private void repeat() {
        while (!closed) {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4 << 10);
                socket.bind(new InetSocketAddress(OTHER_ADDRESS, 0));
                socket.connect(server, 30_000);
                connected.incrementAndGet();
                behavior.run(socket);
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
