package dev.rung.web;

import dev.rung.core.model.Role;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits the memory for request bodies in total: callers without a key share a quarter, each other key may have a
 * quarter, all of them together three quarters; the rest is kept for operators and viewers. Thread-safe.
 */
public final class BodyBudget {
    public static final int BODY_BYTES_MAX = 8 << 20;

    /** Not counted: a connection costs more. So a sign-in is read even if others use up the budget. */
    private static final int FREE_BYTES = 4 << 10;
    /** Reserved first; more is reserved as the body arrives, so that slow clients hold little. */
    private static final int FIRST_BYTES = 16 << 10;

    private final long bytesMax;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();
    private final ConcurrentMap<String, Long> byKey = new ConcurrentHashMap<>();

    /**
     * @param bytesMax of all bodies in total
     */
    public BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A budget in proportion to the heap. */
    public static BodyBudget ofHeap() {
        return new BodyBudget(Math.max(4L * BODY_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8));
    }

    /** Bytes in use now. */
    public long reserved() {
        return reserved.get();
    }

    Share share() {
        return new Share();
    }

    /** The share of one request; released after the response. Not thread-safe. */
    public final class Share implements AutoCloseable {
        static final String ATTRIBUTE = "dev.rung.web.BodyBudget.Share";

        /** Null: a stranger. */
        private @Nullable Caller payer;

        private long bytes;

        /** The share of a request that passed the {@link BodyLimitFilter}; without it, a body is not counted. */
        static void charge(ServletRequest request, Caller payer) {
            if (request.getAttribute(ATTRIBUTE) instanceof Share share) {
                share.chargeTo(payer);
            }
        }

        private void chargeTo(Caller caller) {
            long held = bytes;
            release();
            payer = caller;
            if (held > 0) {
                reserve(held);
            }
        }

        boolean isStrangers() {
            return payer == null;
        }

        /** Reserves enough for a body of which so many bytes have arrived. */
        void require(long arrived, long lengthMax) {
            if (arrived > bytes && arrived > FREE_BYTES) {
                reserve(Math.min(Math.max(arrived, Math.max(FIRST_BYTES, 2 * bytes)), lengthMax) - bytes);
            }
        }

        /**
         * @throws ProblemException 429 if a key has used up its share, 503 if nothing is left
         */
        private void reserve(long more) {
            long total = reserved.addAndGet(more);
            boolean ownIsLeft = hold(more) <= bytesMax / 4;
            if (!ownIsLeft || total > (isKept() ? bytesMax : bytesMax * 3 / 4)) {
                reserved.addAndGet(-more);
                hold(-more);
                throw (ownIsLeft || isStrangers()
                                ? Problem.unavailable("busy", "Too many large requests in progress.", 1)
                                : Problem.tooManyRequests(
                                        "busy_key", "Too many large requests of this key in progress.", 1))
                        .asException();
            }
            bytes += more;
        }

        /** Whether the payer may use what is kept from others. */
        private boolean isKept() {
            return payer != null && isKept(payer.role());
        }

        private static boolean isKept(Role role) {
            return role == Role.OPERATOR || role == Role.VIEWER;
        }

        /** Adds to what the payer has of its own share; returns how much that is. */
        private long hold(long more) {
            if (payer == null) {
                return strangers.addAndGet(more);
            }
            if (isKept(payer.role())) {
                return 0;
            }
            Long now = byKey.merge(payer.id(), more, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
            return now == null ? 0 : now;
        }

        private void release() {
            if (bytes > 0) {
                reserved.addAndGet(-bytes);
                hold(-bytes);
                bytes = 0;
            }
        }

        @Override
        public void close() {
            release();
        }
    }

    /**
     * Reads a whole body.
     *
     * @throws ProblemException 413 if it is too large, 429 or 503 if the budget is used up
     */
    static byte[] read(HttpServletRequest request, int bytesMax) throws IOException {
        long declared = request.getContentLengthLong();
        if (declared > bytesMax) {
            throw Problem.tooLarge(bytesMax).asException();
        }
        if (declared == 0 || declared < 0 && request.getHeader("Transfer-Encoding") == null) {
            return new byte[0];
        }
        return readAll(request.getInputStream(), declared, bytesMax);
    }

    private static byte[] readAll(InputStream in, long declared, int bytesMax) throws IOException {
        byte[] buffer = new byte[0];
        int length = 0;
        while (true) {
            if (length == buffer.length) {
                long size = buffer.length == 0 ? FIRST_BYTES : 2L * buffer.length;
                buffer = Arrays.copyOf(buffer, (int) Math.min(size, declared >= 0 ? declared : bytesMax + 1L));
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
}
