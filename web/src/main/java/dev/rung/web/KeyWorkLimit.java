package dev.rung.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits what one merchant key, or the holders of a merchant's portal links, make the server do, so that others have their
 * share: requests at once, streams, and changes (each asks a channel or sends notifications again). Thread-safe.
 */
public final class KeyWorkLimit {
    static final int AT_ONCE_MAX = 8;
    static final int STREAMS_MAX = 4;
    /** Changes at once after a pause; then one each {@link #CHANGE_EVERY}. */
    static final int CHANGES_MAX = 20;

    static final Duration CHANGE_EVERY = Duration.ofMillis(500);
    private static final int PURGE_AT_MIN = 1_000;

    private final LongSupplier nanoTime;
    private final Map<String, Use> uses = new HashMap<>();
    /** At this size, keys without recent use are removed. */
    private int purgeAt = PURGE_AT_MIN;

    /** What a request does. */
    enum Kind {
        READ,
        STREAM,
        CHANGE,
        /** Changes many things. */
        BULK_CHANGE;

        static Kind of(String method, String path) {
            if (method.equals("GET") || method.equals("HEAD")) {
                return path.equals("/v1/stream") ? STREAM : READ;
            }
            return path.equals("/v1/notifications/resend") ? BULK_CHANGE : CHANGE;
        }

        private int changes() {
            return switch (this) {
                case READ, STREAM -> 0;
                case CHANGE -> 1;
                case BULK_CHANGE -> 5;
            };
        }
    }

    private static final class Use {
        private int requests;
        private int streams;
        private double changes = CHANGES_MAX;
        private long refilledAt;
    }

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    public KeyWorkLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A request in progress. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins a request; the lease ends it.
     *
     * @throws ProblemException 429
     */
    synchronized Lease begin(String keyId, Kind kind) {
        long now = nanoTime.getAsLong();
        if (uses.size() >= purgeAt) {
            purge(now);
        }
        Use use = uses.computeIfAbsent(keyId, id -> new Use());
        refill(use, now);
        boolean stream = kind == Kind.STREAM;
        if (stream ? use.streams >= STREAMS_MAX : use.requests >= AT_ONCE_MAX) {
            throw refusal(
                    stream ? "Too many streams of this key are open." : "Too many requests of this key at once.", 1);
        }
        if (kind.changes() > use.changes) {
            double missing = kind.changes() - use.changes;
            throw refusal("Too many changes by this key.", (int) Math.ceil(missing * CHANGE_EVERY.toMillis() / 1_000));
        }
        use.changes -= kind.changes();
        use.streams += stream ? 1 : 0;
        use.requests += stream ? 0 : 1;
        return () -> end(keyId, stream);
    }

    private synchronized void end(String keyId, boolean stream) {
        Use use = uses.get(keyId);
        if (use == null) {
            return;
        }
        use.streams -= stream ? 1 : 0;
        use.requests -= stream ? 0 : 1;
        if (isUnused(use, nanoTime.getAsLong())) {
            uses.remove(keyId);
        }
    }

    private void purge(long now) {
        uses.values().removeIf(use -> isUnused(use, now));
        purgeAt = Math.max(PURGE_AT_MIN, 2 * uses.size());
    }

    private static boolean isUnused(Use use, long now) {
        refill(use, now);
        return use.requests == 0 && use.streams == 0 && use.changes >= CHANGES_MAX;
    }

    /** Keys that are remembered. */
    synchronized int size() {
        return uses.size();
    }

    private static void refill(Use use, long now) {
        if (use.refilledAt != 0) {
            double earned = (double) (now - use.refilledAt) / CHANGE_EVERY.toNanos();
            use.changes = Math.min(CHANGES_MAX, use.changes + earned);
        }
        use.refilledAt = now;
    }

    private static ProblemException refusal(String detail, int retryAfterSeconds) {
        return Problem.tooManyRequests("busy_key", detail, retryAfterSeconds).asException();
    }
}
