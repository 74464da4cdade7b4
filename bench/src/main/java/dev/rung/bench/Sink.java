package dev.rung.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.LongAdder;

/**
 * All merchants in one server that uses as little CPU as possible: one thread, minimal parsing. It listens on all
 * loopback addresses, so that each merchant can have its own address.
 *
 * <p>The path selects the behavior: {@code /ok} answers 200, {@code /fail1} answers 500 to the first attempt and 200
 * later, {@code /hang} never answers. The payload starts with a member {@code seq} of ten digits, the number under
 * which arrivals are recorded.
 */
final class Sink implements AutoCloseable {
    private static final byte[] OK = bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    private static final byte[] FAIL = bytes("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
    private static final byte[] LENGTH = bytes("content-length:");
    private static final byte[] ATTEMPT = bytes("rung-attempt:");
    private static final byte[] SEQ = bytes("{\"seq\":");
    private static final int BUFFER = 16 * 1024;

    private final Selector selector;
    private final ServerSocketChannel server;
    private final Thread thread;
    private final LongAdder received = new LongAdder();
    private volatile Arrivals arrivals = new Arrivals(0);

    /** When each numbered notification arrived first, and second ({@link System#nanoTime}; 0: not yet). */
    static final class Arrivals {
        final long[] first;
        final long[] second;
        final LongAdder count = new LongAdder();

        Arrivals(int size) {
            first = new long[size];
            second = new long[size];
        }

        private void note(long seq, long now) {
            if (seq < 0 || seq >= first.length) {
                return;
            }
            int i = (int) seq;
            if (first[i] == 0) {
                first[i] = now;
                count.increment();
            } else if (second[i] == 0) {
                second[i] = now;
                count.increment();
            }
        }
    }

    private static final class Connection {
        final byte[] data = new byte[BUFFER];
        final ByteBuffer in = ByteBuffer.wrap(data);
    }

    Sink() throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("0.0.0.0", 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().daemon().name("sink").start(this::run);
    }

    /**
     * The address of the k-th merchant. Each has its own loopback address, because real merchants have different hosts.
     */
    String url(int merchant, String behavior) {
        return "http://127.0." + (1 + merchant / 250) + "." + (1 + merchant % 250) + ":"
                + server.socket().getLocalPort() + "/" + behavior;
    }

    /** All requests since the start. */
    long received() {
        return received.sum();
    }

    /** Starts recording arrivals of this many numbered notifications. */
    Arrivals note(int size) {
        Arrivals fresh = new Arrivals(size);
        arrivals = fresh;
        return fresh;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select();
                for (Iterator<SelectionKey> it = selector.selectedKeys().iterator(); it.hasNext(); ) {
                    SelectionKey key = it.next();
                    it.remove();
                    handle(key);
                }
            }
        } catch (ClosedSelectorException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.socket().setTcpNoDelay(true);
                channel.register(selector, SelectionKey.OP_READ, new Connection());
            }
            return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (!read(channel, (Connection) key.attachment())) {
                channel.close();
            }
        } catch (IOException e) {
            // The peer may reset the connection.
            channel.close();
        }
    }

    private boolean read(SocketChannel channel, Connection connection) throws IOException {
        ByteBuffer in = connection.in;
        if (channel.read(in) < 0) {
            return false;
        }
        int at = 0;
        byte[] data = connection.data;
        int end = in.position();
        for (int taken = request(channel, data, at, end); taken > 0; taken = request(channel, data, at, end)) {
            at += taken;
        }
        if (at > 0) {
            System.arraycopy(data, at, data, 0, end - at);
            in.position(end - at);
        }
        return in.hasRemaining();
    }

    /** Answers the request that starts here; returns its length, or 0 if it is incomplete. */
    private int request(SocketChannel channel, byte[] data, int from, int end) throws IOException {
        int body = bodyStart(data, from, end);
        if (body < 0) {
            return 0;
        }
        int length = (int) number(data, from, body, LENGTH);
        if (end < body + length) {
            return 0;
        }
        received.increment();
        boolean seq = length > SEQ.length && Arrays.equals(data, body, body + SEQ.length, SEQ, 0, SEQ.length);
        if (seq) {
            arrivals.note(digits(data, body + SEQ.length, end) - Bench.SEQ_BASE, System.nanoTime());
        }
        switch (data["POST /".length() + from]) {
            case 'h' -> {}
            case 'f' -> channel.write(ByteBuffer.wrap(number(data, from, body, ATTEMPT) == 1 ? FAIL : OK));
            default -> channel.write(ByteBuffer.wrap(OK));
        }
        return body + length - from;
    }

    private static int bodyStart(byte[] data, int from, int end) {
        for (int i = from + 3; i < end; i++) {
            if (data[i] == '\n' && data[i - 2] == '\n' && data[i - 1] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** The number after a header's name; 0 if the header is missing. */
    private static long number(byte[] data, int from, int end, byte[] name) {
        for (int i = from; i < end - name.length; i++) {
            if (data[i] == '\n' && startsWith(data, i + 1, name)) {
                int at = i + 1 + name.length;
                while (data[at] == ' ') {
                    at++;
                }
                return digits(data, at, end);
            }
        }
        return 0;
    }

    private static boolean startsWith(byte[] data, int at, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            int c = data[at + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long digits(byte[] data, int from, int end) {
        long n = 0;
        for (int i = from; i < end && data[i] >= '0' && data[i] <= '9'; i++) {
            n = n * 10 + data[i] - '0';
        }
        return n;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
        thread.interrupt();
    }
}
