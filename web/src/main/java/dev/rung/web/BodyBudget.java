package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of request bodies that are in memory, one by one and together, so that any number of callers cannot exhaust
 * it. Thread-safe.
 */
public final class BodyBudget {
    public static final int BODY_BYTES_MAX = 8 << 20;

    /** What is reserved before the first byte has come: a slow body costs no more than what it sent. */
    private static final int FIRST_BYTES = 16 << 10;

    private final long bytesMax;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * @param bytesMax of all bodies together
     */
    public BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A part of the budget that fits this JVM's heap. */
    public static BodyBudget ofHeap() {
        return new BodyBudget(Math.max(2L * BODY_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8));
    }

    /**
     * A smaller budget beside this one, for callers of whom nothing is known: however slowly they send, they take no room
     * from those who are.
     */
    public BodyBudget forStrangers() {
        return new BodyBudget(bytesMax / 4);
    }

    /** Bytes in use now. */
    public long reserved() {
        return reserved.get();
    }

    /** One request's part; released when it is answered. */
    final class Share implements AutoCloseable {
        private long bytes;

        /**
         * Reads the whole body.
         *
         * @throws ProblemException 413 if it is too large, 503 if there is no room now
         */
        byte[] read(HttpServletRequest request, int bytesMax) throws IOException {
            long declared = request.getContentLengthLong();
            if (declared > bytesMax) {
                throw Problem.tooLarge(bytesMax).asException();
            }
            if (declared == 0 || declared < 0 && request.getHeader("Transfer-Encoding") == null) {
                return new byte[0];
            }
            return readAll(request.getInputStream(), declared, bytesMax);
        }

        private byte[] readAll(InputStream in, long declared, int bytesMax) throws IOException {
            byte[] buffer = new byte[0];
            int length = 0;
            while (true) {
                if (length == buffer.length) {
                    buffer = grown(buffer, declared, bytesMax);
                }
                int n = in.read(buffer, length, buffer.length - length);
                if (n < 0) {
                    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
                }
                length += n;
                if (length > bytesMax) {
                    throw Problem.tooLarge(bytesMax).asException();
                }
                if (length == declared) {
                    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
                }
            }
        }

        private byte[] grown(byte[] buffer, long declared, int bytesMax) {
            long size = buffer.length == 0 ? FIRST_BYTES : 2L * buffer.length;
            size = Math.min(size, declared >= 0 ? declared : bytesMax + 1L);
            reserve(size - buffer.length);
            return Arrays.copyOf(buffer, (int) size);
        }

        private void reserve(long more) {
            if (reserved.addAndGet(more) > BodyBudget.this.bytesMax) {
                reserved.addAndGet(-more);
                throw Problem.unavailable("Too many large requests are under way.", 1)
                        .asException();
            }
            bytes += more;
        }

        @Override
        public void close() {
            reserved.addAndGet(-bytes);
            bytes = 0;
        }
    }

    Share share() {
        return new Share();
    }
}
