package dev.rung.alerts;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.MetaStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The reported problems that still exist, shared by all servers: each is reported once, and its end is reported even after a restart.
 * Thread-safe.
 */
final class OpenConditions {
    private static final String PREFIX = "alert_open_";
    private static final int KEY_LENGTH_MAX = 250;

    private final MetaStore meta;
    private final AlertStore alerts;
    private volatile Set<String> open = ConcurrentHashMap.newKeySet();

    OpenConditions(MetaStore meta, AlertStore alerts) {
        this.meta = meta;
        this.alerts = alerts;
    }

    /** Reads what other servers have opened and closed; returns whether any has been closed. */
    boolean refresh() {
        Set<String> read = ConcurrentHashMap.newKeySet();
        read.addAll(meta.keys(PREFIX));
        boolean closed = !read.containsAll(open);
        open = read;
        return closed;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isOpen(AlertKind kind, String subject) {
        return open.contains(key(kind, subject));
    }

    /** The subjects of this kind that are open. */
    Set<String> subjects(AlertKind kind) {
        Set<String> subjects = ConcurrentHashMap.newKeySet();
        String prefix = key(kind, "");
        open.stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(key -> subjects.add(key.substring(prefix.length())));
        return subjects;
    }

    /** Reports a condition, unless it is open. */
    void open(AlertKind kind, String subject, @Nullable String detail, long now) {
        String key = key(kind, subject);
        if (!open.contains(key)) {
            // In this order, so that a crash between the two repeats the alert, and does not lose it.
            alerts.add(kind, subject, 1, detail, now);
            meta.put(key, Long.toString(now));
            open.add(key);
        }
    }

    /** Notes that an open condition is still seen; the time is known to all servers. */
    void seen(AlertKind kind, String subject, long now) {
        meta.put(key(kind, subject), Long.toString(now));
    }

    /** When any server last saw an open condition. */
    long lastSeen(AlertKind kind, String subject) {
        return meta.get(key(kind, subject)).map(Long::parseLong).orElse(Long.MIN_VALUE);
    }

    /** Removes a condition whose subject no longer exists; nothing is reported. */
    void forget(AlertKind kind, String subject) {
        String key = key(kind, subject);
        if (open.remove(key)) {
            meta.remove(key);
        }
    }

    /** Reports the end of a condition, if it is open. */
    void close(AlertKind kind, String subject, AlertKind recovery, long now) {
        String key = key(kind, subject);
        if (open.contains(key)) {
            alerts.add(recovery, subject, 1, null, now);
            meta.remove(key);
            open.remove(key);
        }
    }

    /** Reports that something expires, once for each time at which it does; several may have one name. */
    void expires(Expiry expiry, long now) {
        String key = key(AlertKind.EXPIRES_SOON, expiry.condition());
        if (!open.contains(key)) {
            alerts.add(AlertKind.EXPIRES_SOON, expiry.subject(), 1, AlertReporter.time(expiry.at()), now);
            meta.put(key, "");
            open.add(key);
        }
    }

    private static String key(AlertKind kind, String subject) {
        String key = PREFIX + kind.code() + "_" + subject;
        return key.substring(0, Math.min(key.length(), KEY_LENGTH_MAX));
    }
}
