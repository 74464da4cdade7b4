package dev.rung.delivery.http;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/**
 * One connection to a merchant. Used by one attempt at a time; only {@link #close} may be called by others.
 *
 * <p>It holds about 5 KiB while idle, and TLS's own buffers.
 */
final class MerchantConnection implements Closeable {
    /** A response's head, with all that comes before it (1xx), may be so long. */
    static final int HEAD_BYTES_MAX = 32 * 1024;

    private static final int BUFFER_BYTES = 2048;
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxHeaderCount(200)
            .setMaxLineLength(HEAD_BYTES_MAX)
            .setMaxEmptyLineCount(10)
            .build();

    private final ConnectionRoute route;
    private final SocketChannel channel;
    private final Metered in;
    private final OutputStream out;
    private final SessionInputBufferImpl buffer = new SessionInputBufferImpl(
            new BasicHttpTransportMetrics(), BUFFER_BYTES, -1, LIMITS.getMaxLineLength(), null);
    private final DefaultHttpResponseParser parser = new DefaultHttpResponseParser(LIMITS);
    private final long openedAt = System.nanoTime();
    private long idleSince;
    private long usableUntil;

    /**
     * @param socket what to read and write: the channel's own, or TLS upon it
     */
    MerchantConnection(ConnectionRoute route, SocketChannel channel, Socket socket) throws IOException {
        this.route = route;
        this.channel = channel;
        this.in = new Metered(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    ConnectionRoute route() {
        return route;
    }

    SocketChannel channel() {
        return channel;
    }

    /** {@link System#nanoTime}. */
    long openedAt() {
        return openedAt;
    }

    /** It waits from now on; guarded by the lock of {@link IdleConnections}, as are the two that read it. */
    void idle(long since, long nanos) {
        idleSince = since;
        usableUntil = since + nanos;
    }

    long idleSince() {
        return idleSince;
    }

    long usableUntil() {
        return usableUntil;
    }

    /** Where it leads, for a message. */
    String peer() {
        return route.host() + ":" + route.port();
    }

    /** Whether the other end has left it alone while it was idle. Costs one system call. */
    boolean isFresh() {
        if (buffer.hasBufferedData() || usableUntil - System.nanoTime() <= 0) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            // -1: closed. 1: an answer to nothing, a farewell, or a TLS record that would have to be understood first.
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException _) {
            return false;
        }
    }

    void send(byte[] head, byte[] body) throws IOException {
        in.begin();
        if (head.length + body.length <= 16 * 1024) {
            byte[] both = new byte[head.length + body.length];
            System.arraycopy(head, 0, both, 0, head.length);
            System.arraycopy(body, 0, both, head.length, body.length);
            out.write(both);
        } else {
            out.write(head);
            out.write(body);
        }
        out.flush();
    }

    /** Whether anything of a response has come since {@link #send}. */
    boolean hasBegunToAnswer() {
        return in.read > 0;
    }

    /**
     * Reads the head of the final response; its body is still to be read.
     *
     * @throws UnreachableException if there is none, or it is cut off or too long
     */
    ClassicHttpResponse receiveHead() throws IOException, HttpException {
        in.allow(HEAD_BYTES_MAX);
        while (true) {
            ClassicHttpResponse response = parser.parse(buffer, in);
            // HttpCore takes the end of the stream for the end of the head; half a head must never acknowledge
            // anything.
            if (response == null || in.ended) {
                throw new UnreachableException(peer() + " closed the connection "
                        + (in.read > 0 ? "in the middle of its answer" : "without an answer"));
            }
            if (response.getCode() == 101) {
                throw new HttpException("it switches protocols, which nobody asked for");
            }
            if (response.getCode() >= 200) {
                return response;
            }
        }
    }

    /**
     * The response's body.
     *
     * @param bytesMax at most so many bytes of the stream are read, framing included; beyond, the stream says {@link TooLong}
     */
    InputStream receiveBody(ClassicHttpResponse response, int bytesMax) throws HttpException {
        in.allow(bytesMax);
        int status = response.getCode();
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        long length = DefaultContentLengthStrategy.INSTANCE.determineLength(response);
        if (length == DefaultContentLengthStrategy.CHUNKED) {
            return new ChunkedInputStream(buffer, in, LIMITS);
        }
        return length >= 0 ? new ContentLengthInputStream(buffer, in, length) : new IdentityInputStream(buffer, in);
    }

    /** Ends it at once, whatever is under way on it; nothing is drained, no farewell is said. Never blocks. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone, which is what was wanted.
        }
    }

    /** More came than may be read. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("more bytes than may be read");
        }
    }

    /** Counts what is read, and ends it beyond what is allowed. */
    private static final class Metered extends FilterInputStream {
        private long read;
        private long allowed;
        private boolean ended;

        Metered(InputStream in) {
            super(in);
        }

        void begin() {
            read = 0;
            ended = false;
        }

        void allow(int more) {
            allowed = read + more;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (read >= allowed) {
                throw new TooLong();
            }
            int n = super.read(b, off, (int) Math.min(len, allowed - read));
            if (n < 0) {
                ended = true;
            } else {
                read += n;
            }
            return n;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
