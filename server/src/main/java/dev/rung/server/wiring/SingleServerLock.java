package dev.rung.server.wiring;

import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a shared database to one server where no broker shares the wakes out: two would both make every attempt. A mark in the
 * database is renewed while the server runs; one that is not renewed belongs to a server that was killed.
 */
final class SingleServerLock {
    private static final Logger LOG = LoggerFactory.getLogger(SingleServerLock.class);
    static final String KEY = "sole_server";
    static final String NOBODY = "nobody";
    static final Duration RENEW_EVERY = Duration.ofSeconds(1);
    /** A mark that has not changed for so long is a dead server's. */
    static final Duration DEAD_AFTER = Duration.ofSeconds(5);

    private final MetaStore meta;
    private final String self = UUID.randomUUID().toString();
    private long renewals;
    /** As it stands in the database, as far as is known. */
    private String mark = "";

    private boolean held;

    SingleServerLock(MetaStore meta) {
        this.meta = meta;
    }

    /**
     * Becomes the only one, waiting for a killed one's mark to be known as dead.
     *
     * @throws StartupException if another server runs
     */
    synchronized void take(InstantSource clock, Pause pause) {
        meta.putIfAbsent(KEY, NOBODY);
        String seen = meta.get(KEY).orElse(NOBODY);
        long deadAt = clock.millis() + DEAD_AFTER.toMillis();
        while (!seen.equals(NOBODY) && clock.millis() < deadAt) {
            pause.pause(RENEW_EVERY.dividedBy(2));
            String now = meta.get(KEY).orElse(NOBODY);
            if (!now.equals(seen) && !now.equals(NOBODY)) {
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

    /** Lets a little time pass. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration);
    }

    /** Says that this server still runs. */
    synchronized void renew() {
        if (!held) {
            return;
        }
        String next = nextMark();
        if (meta.replace(KEY, mark, next)) {
            mark = next;
            return;
        }
        String now = meta.get(KEY).orElse(NOBODY);
        if (now.startsWith(self)) {
            mark = now; // A renewal took effect though its answer was lost.
        } else {
            LOG.error("another server has begun to use this database; without a broker only one may, stop one of them");
        }
    }

    /** Leaves the database to the next one. */
    synchronized void release() {
        if (held) {
            held = false;
            meta.replace(KEY, mark, NOBODY);
        }
    }

    private String nextMark() {
        return self + " " + renewals++;
    }
}
