package dev.rung.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Forwards one port of the loopback address to another; connections can be cut, refused and frozen. Thread-safe. */
final class TcpProxy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private volatile int target;
    private volatile boolean refusing;
    private boolean frozen;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    }

    static TcpProxy to(int target) {
        try {
            TcpProxy proxy = new TcpProxy(target);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Forwards new connections to another port. */
    void retarget(int port) {
        target = port;
    }

    /** Resets every connection and each new one until {@link #restore}. */
    void cut() {
        refusing = true;
        sockets.forEach(TcpProxy::reset);
        sockets.clear();
    }

    /** Keeps every connection open and forwards nothing until {@link #restore}. */
    void freeze() {
        lock.lock();
        try {
            frozen = true;
        } finally {
            lock.unlock();
        }
    }

    void restore() {
        refusing = false;
        lock.lock();
        try {
            frozen = false;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (refusing) {
                    reset(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The target is down: the client sees its connection end.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            reset(client);
            throw e;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> forward(client, server));
        Thread.ofVirtual().start(() -> forward(server, client));
    }

    private void forward(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitThaw();
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // The connection is broken: both ends are closed.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitThaw() throws InterruptedException {
        lock.lock();
        try {
            while (frozen) {
                thawed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
            return;
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        restore();
    }
}
