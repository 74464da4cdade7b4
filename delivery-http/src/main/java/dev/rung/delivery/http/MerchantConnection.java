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
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a merchant. Used by one attempt at a time; only {@link #close} may be called from other threads.
 *
 * <p>While idle it holds about 5 KiB, plus the buffers of TLS.
 */
final class MerchantConnection implements Closeable {
    /** Maximum size of a response head, including interim responses (1xx). */
    static final int HEAD_BYTES_MAX = 32 * 1024;

    private static final int HEADER_LINES_MAX = 200;
    private static final int EMPTY_LINES_MAX = 10;
    private static final int BUFFER_BYTES = 2048;
    private static final int STATUS_MIN = 100;
    private static final int STATUS_MAX = 999;
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxHeaderCount(HEADER_LINES_MAX + 1)
            .setMaxLineLength(HEAD_BYTES_MAX)
            .setMaxEmptyLineCount(EMPTY_LINES_MAX + 1)
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
     * @param socket for reading and writing: the channel's own, or the TLS socket on top of it
     * @param tls the socket below TLS; null without TLS
     */
    MerchantConnection(ConnectionRoute route, SocketChannel channel, Socket socket, @Nullable SocketBelowTls tls)
            throws IOException {
        this.route = route;
        this.channel = channel;
        this.in = new Metered(socket.getInputStream(), tls);
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

    /** Marks it as idle; guarded by the lock of {@link IdleConnections}, like the two getters. */
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

    /** Host and port, for messages. */
    String peer() {
        return route.host() + ":" + route.port();
    }

    /** Whether nothing was received and the peer has not closed it while it was idle. Costs one system call. */
    boolean isFresh() {
        if (buffer.hasBufferedData() || usableUntil - System.nanoTime() <= 0) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            // -1: closed. 1: an unsolicited response, or a TLS record (such as close_notify).
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

    /** Whether any byte of a response was received since {@link #send}. */
    boolean hasBegunToAnswer() {
        return in.read > 0;
    }

    /**
     * Reads the head of the final response, skipping interim ones; the body is read afterwards.
     *
     * @throws UnreachableException if there is none, or it is truncated or too long
     */
    ClassicHttpResponse receiveHead() throws IOException, HttpException {
        in.allow(HEAD_BYTES_MAX);
        while (true) {
            ClassicHttpResponse response = parseHead();
            // HttpCore accepts the end of the stream as the end of the head; a truncated head must never acknowledge.
            if (response == null || in.ended) {
                throw new UnreachableException(peer() + " closed the connection "
                        + (in.read > 0 ? "in the middle of its response" : "without a response"));
            }
            if (response.getCode() == 101) {
                throw new HttpException("it switches protocols (101), which was not requested");
            }
            if (response.getCode() >= 200) {
                return response;
            }
        }
    }

    private @Nullable ClassicHttpResponse parseHead() throws IOException, HttpException {
        try {
            ClassicHttpResponse response = parser.parse(buffer, in);
            if (response != null && (response.getCode() < STATUS_MIN || response.getCode() > STATUS_MAX)) {
                throw new HttpException("its status is not a number from 100 to 999");
            }
            return response;
        } catch (IllegalArgumentException e) {
            // HttpCore rejects some malformed status lines (status 000, for example) this way.
            throw new HttpException("its status line is malformed", e);
        } catch (MessageConstraintException e) {
            throw new UnreachableException(
                    String.valueOf(e.getMessage()).contains("header count")
                            ? "the response of " + peer() + " has more than " + HEADER_LINES_MAX + " header lines"
                            : String.valueOf(e.getMessage()).contains("empty line")
                                    ? "the response of " + peer() + " begins with more than " + EMPTY_LINES_MAX
                                            + " empty lines"
                                    : headTooLong(),
                    e);
        } catch (TooLong e) {
            throw new UnreachableException(headTooLong(), e);
        }
    }

    private String headTooLong() {
        return "the response head of " + peer() + " is longer than " + HEAD_BYTES_MAX / 1024 + " KiB";
    }

    /**
     * The response's body.
     *
     * @param bytesMax maximum of bytes read from the connection, framing included; beyond, the stream throws {@link TooLong}
     */
    InputStream receiveBody(ClassicHttpResponse response, int bytesMax) throws HttpException {
        in.allow(bytesMax);
        int status = response.getCode();
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        long length = BodyLength.of(response);
        if (length == BodyLength.CHUNKED) {
            return new ChunkedInputStream(buffer, in, LIMITS);
        }
        return length == BodyLength.UNTIL_CLOSE
                ? new IdentityInputStream(buffer, in)
                : new ContentLengthInputStream(buffer, in, length);
    }

    /** Closes the socket immediately, without draining it or sending close_notify. Never blocks. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Already closed.
        }
    }

    /** The limit of bytes is exceeded. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("more bytes than may be read");
        }
    }

    /** The TCP connection ended without close_notify. */
    static final class TlsTruncatedException extends IOException {
        private static final long serialVersionUID = 1L;

        TlsTruncatedException() {
            super("the TLS stream ended without close_notify");
        }
    }

    /** Counts the bytes read and enforces the limit. */
    private static final class Metered extends FilterInputStream {
        private long read;
        private long allowed;
        private boolean ended;
        private final Http2Detector http2 = new Http2Detector();
        private final @Nullable SocketBelowTls tls;

        Metered(InputStream in, @Nullable SocketBelowTls tls) {
            super(in);
            this.tls = tls;
        }

        void begin() {
            read = 0;
            ended = false;
            http2.reset();
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
                if (tls != null && tls.hasEnded()) {
                    // The JDK reports this like a regular end; without close_notify the stream may have been
                    // truncated on the way.
                    throw new TlsTruncatedException();
                }
            } else {
                http2.received(b, off, n);
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
