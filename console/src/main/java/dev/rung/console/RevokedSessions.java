package dev.rung.console;

import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that were ended before their time, known to all servers of a database. Thread-safe.
 *
 * <p>A short text in the store, because there are few and each is forgotten when it would have ended anyway. Should there ever be too many, everyone
 * who signed in before is signed out: none comes back to life. Another server learns of a sign-out within {@value #FRESH_SECONDS} s.
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
    private volatile @Nullable Known known;

    /** What was read: when each would have ended, by its id; for everyone, the latest end that is void. */
    private record Known(Map<String, Long> until, long readAt) {
        boolean has(ConsoleSession session) {
            return until.containsKey(session.id()) || session.until() <= until.getOrDefault(EVERYONE, 0L);
        }
    }

    RevokedSessions(MetaStore meta, InstantSource clock) {
        this.meta = meta;
        this.clock = clock;
    }

    boolean has(ConsoleSession session) {
        Known last = known;
        long now = clock.millis();
        if (last == null || now - last.readAt() >= FRESH_MILLIS) {
            last = new Known(read(), now);
            known = last;
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
            known = new Known(until, now);
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
