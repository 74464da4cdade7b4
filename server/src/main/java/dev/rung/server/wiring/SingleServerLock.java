package dev.rung.server.wiring;

import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allows one server only on a shared database when no broker distributes the wakes: two would both make every attempt. The server
 * renews a mark in the database while it runs; a mark that is not renewed is that of a killed server.
 */
final class SingleServerLock {
    private static final Logger LOG = LoggerFactory.getLogger(SingleServerLock.class);
    static final String KEY = "sole_server";
    static final String NO_SERVER = "none";
    static final Duration RENEW_EVERY = Duration.ofSeconds(1);
    /** A mark unchanged for this long is that of a killed server. */
    static final Duration DEAD_AFTER = Duration.ofSeconds(5);

    private final MetaStore meta;
    private final String self = UUID.randomUUID().toString();
    private long renewals;
    /** The mark as last written. */
    private String mark = "";

    private boolean held;

    SingleServerLock(MetaStore meta) {
        this.meta = meta;
    }

    /**
     * Takes the lock, waiting until the mark of a killed server has expired.
     *
     * @throws StartupException if another server runs
     */
    synchronized void take(InstantSource clock, Pause pause) {
        meta.putIfAbsent(KEY, NO_SERVER);
        String seen = meta.get(KEY).orElse(NO_SERVER);
        long deadAt = clock.millis() + DEAD_AFTER.toMillis();
        while (!seen.equals(NO_SERVER) && clock.millis() < deadAt) {
            pause.pause(RENEW_EVERY.dividedBy(2));
            String now = meta.get(KEY).orElse(NO_SERVER);
            if (!now.equals(seen) && !now.equals(NO_SERVER)) {
                throw another();
            }
            seen = now;
        }
        mark = nextMark();
        if (!meta.replace(KEY, seen, mark)) {
            throw another();
        }
        held = true;
    }

    private static StartupException another() {
        return new StartupException("another server uses this database, and without a broker only one may:"
                + " stop that one, or give both the same --rabbitmq-uri");
    }

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration);
    }

    /** Renews the mark. */
    synchronized void renew() {
        if (!held) {
            return;
        }
        String next = nextMark();
        if (meta.replace(KEY, mark, next)) {
            mark = next;
            return;
        }
        String now = meta.get(KEY).orElse(NO_SERVER);
        if (now.startsWith(self)) {
            mark = now; // A renewal was written although its response was lost.
        } else {
            LOG.error("another server uses this database; without a broker only one may run: stop one of them");
        }
    }

    /** Releases the lock for the next server. */
    synchronized void release() {
        if (held) {
            held = false;
            meta.replace(KEY, mark, NO_SERVER);
        }
    }

    private String nextMark() {
        return self + " " + renewals++;
    }
}
