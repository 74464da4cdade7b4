package dev.rung.delivery.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A merchant's server that does exactly what a test says, byte for byte. */
final class TestMerchant implements AutoCloseable {
    /** What happens on a connection; when it returns, the connection is closed. */
    interface Conversation {
        void with(Peer peer) throws Exception;
    }

    private final ServerSocket server;
    private final Conversation conversation;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    TestMerchant(Conversation conversation) throws IOException {
        this(new ServerSocket(0, 5_000, InetAddress.getLoopbackAddress()), conversation);
    }

    TestMerchant(ServerSocket server, Conversation conversation) {
        this.server = server;
        this.conversation = conversation;
        Thread.startVirtualThread(this::accept);
    }

    /** One that answers every request so, and keeps its connections. */
    static TestMerchant answering(String response) throws IOException {
        return new TestMerchant(peer -> {
            while (peer.request() != null) {
                peer.say(response);
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/notify";
    }

    int connections() {
        return connections.get();
    }

    int openConnections() {
        return open.size();
    }

    /** Head and body of every request, in the order in which they were complete. */
    List<String> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.startVirtualThread(() -> converse(socket));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            conversation.with(new Peer(socket));
        } catch (Exception _) {
            // The sender hung up, which many a test is about.
        } finally {
            open.remove(socket);
        }
    }

    /** The other end of a connection. */
    final class Peer {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        Socket socket() {
            return socket;
        }

        InputStream in() {
            return in;
        }

        /** The next request; null when there is none any more. */
        @Nullable String request() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
                int b = in.read();
                if (b < 0) {
                    return null;
                }
                head.append((char) b);
            }
            String lower = head.toString().toLowerCase(Locale.ROOT);
            int length = lower.indexOf("content-length: ") + 16;
            int bytes = Integer.parseInt(lower.substring(length, lower.indexOf("\r\n", length)));
            String request = head + new String(in.readNBytes(bytes), ISO_8859_1);
            requests.add(request);
            return request;
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }

        /** Says it again and again until the sender hangs up. */
        void sayForEver(String text, long pauseMillis) throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            do {
                say(text);
            } while (!never.await(pauseMillis, TimeUnit.MILLISECONDS));
        }

        /** Waits until the sender hangs up. */
        void listenForEver() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** Closes with a reset instead of a farewell. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
