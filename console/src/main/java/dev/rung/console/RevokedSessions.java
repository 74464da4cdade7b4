package dev.rung.console;

import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that were signed out before they expired, shared by all servers through the store. Thread-safe.
 *
 * <p>They are few and are removed when they expire, so they are stored as one short text. Above {@value #MAX} entries, all sessions started before
 * are revoked. Other servers see a sign-out within {@value #FRESH_SECONDS} s.
 */
final class RevokedSessions {
    private static final String KEY = "console_signed_out";
    private static final String EVERYONE = "everyone";
    private static final int MAX = 200;
    private static final int FRESH_SECONDS = 2;
    private static final long FRESH_MILLIS = Duration.ofSeconds(FRESH_SECONDS).toMillis();

    private final MetaStore meta;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable CachedList cached;

    /** The list as last read: expiry by session id; under {@value #EVERYONE}, sessions that expire up to then are revoked. */
    private record CachedList(Map<String, Long> until, long readAt) {
        boolean has(ConsoleSession session) {
            return until.containsKey(session.id()) || session.until() <= until.getOrDefault(EVERYONE, 0L);
        }
    }

    RevokedSessions(MetaStore meta, InstantSource clock) {
        this.meta = meta;
        this.clock = clock;
    }

    boolean has(ConsoleSession session) {
        CachedList last = cached;
        long now = clock.millis();
        if (last == null || now - last.readAt() >= FRESH_MILLIS) {
            last = new CachedList(read(), now);
            cached = last;
        }
        return last.has(session);
    }

    void add(ConsoleSession session) {
        lock.lock();
        try {
            long now = clock.millis();
            Map<String, Long> until = read();
            until.values().removeIf(end -> end < now);
            until.put(session.id(), session.until());
            if (until.size() > MAX) {
                long latest =
                        until.values().stream().mapToLong(Long::longValue).max().orElse(0);
                until.clear();
                until.put(EVERYONE, latest);
            }
            meta.put(KEY, text(until));
            cached = new CachedList(until, now);
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Long> read() {
        Map<String, Long> until = new LinkedHashMap<>();
        for (String entry : meta.get(KEY).orElse("").split(" ", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                until.put(entry.substring(0, equals), Long.valueOf(entry.substring(equals + 1)));
            }
        }
        return until;
    }

    private static String text(Map<String, Long> until) {
        StringBuilder text = new StringBuilder();
        until.forEach((id, end) ->
                text.append(text.isEmpty() ? "" : " ").append(id).append('=').append(end.longValue()));
        return text.toString();
    }
}
