package dev.rung.alerts;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.MetaStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong now and was reported, known to all servers: so that it is reported once, and its end is reported even after a restart.
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

    /** Reads what other servers have opened and closed. */
    void refresh() {
        Set<String> read = ConcurrentHashMap.newKeySet();
        read.addAll(meta.keys(PREFIX));
        open = read;
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

    /** Reports the end of a condition, if it is open. */
    void close(AlertKind kind, String subject, AlertKind recovery, long now) {
        String key = key(kind, subject);
        if (open.contains(key)) {
            alerts.add(recovery, subject, 1, null, now);
            meta.remove(key);
            open.remove(key);
        }
    }

    /** Reports that something expires, once for each time at which it does. */
    void expires(Expiry expiry, long now) {
        String key = key(AlertKind.EXPIRES_SOON, expiry.subject());
        String at = Long.toString(expiry.at());
        if (!at.equals(meta.get(key).orElse(null))) {
            alerts.add(AlertKind.EXPIRES_SOON, expiry.subject(), 1, AlertReporter.time(expiry.at()), now);
            meta.put(key, at);
        }
    }

    /** Forgets what no longer expires soon. */
    void retainExpiring(Set<String> subjects) {
        for (String subject : subjects(AlertKind.EXPIRES_SOON)) {
            if (!subjects.contains(subject)) {
                meta.remove(key(AlertKind.EXPIRES_SOON, subject));
            }
        }
    }

    private static String key(AlertKind kind, String subject) {
        String key = PREFIX + kind.code() + "_" + subject;
        return key.substring(0, Math.min(key.length(), KEY_LENGTH_MAX));
    }
}
