package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory for request bodies, each and in total. Thread-safe.
 */
public final class BodyBudget {
    public static final int BODY_BYTES_MAX = 8 << 20;

    /** Reserved before the first byte arrives; more is reserved as the body arrives, so that slow clients hold little. */
    private static final int FIRST_BYTES = 16 << 10;

    private final long bytesMax;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * @param bytesMax of all bodies in total
     */
    public BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A budget in proportion to the heap. */
    public static BodyBudget ofHeap() {
        return new BodyBudget(Math.max(2L * BODY_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8));
    }

    /**
     * A smaller, separate budget for unauthenticated callers, so that they cannot use up the budget of the others.
     */
    public BodyBudget forStrangers() {
        return new BodyBudget(bytesMax / 4);
    }

    /** Bytes in use now. */
    public long reserved() {
        return reserved.get();
    }

    /** The share of one request; released after the response. */
    final class Share implements AutoCloseable {
        private long bytes;

        /**
         * Reads the whole body.
         *
         * @throws ProblemException 413 if it is too large, 503 if the budget is used up
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
                throw Problem.unavailable("Too many large requests in progress.", 1)
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
