package dev.rung.server.wiring;

import dev.rung.core.port.MetaStore;
import dev.rung.settings.AnnouncedServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces this server to the others on its database, and compares what they announce: servers with different keys or settings treat the same
 * request differently. Thread-safe; run every {@link #EVERY}.
 */
final class ServerAnnouncements implements Runnable, AutoCloseable {
    static final Duration EVERY = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ServerAnnouncements.class);
    /** A server that was not seen for this long is no longer compared. */
    private static final Duration ALIVE = Duration.ofSeconds(10);
    /** After this time its announcement is removed. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final MetaStore meta;
    private final InstantSource clock;
    private final AnnouncedServer self;
    private final String key = AnnouncedServer.KEY_PREFIX + UUID.randomUUID();
    private volatile List<String> problems = List.of();
    private boolean closed;

    ServerAnnouncements(MetaStore meta, InstantSource clock, AnnouncedServer self) {
        this.meta = meta;
        this.clock = clock;
        this.self = self;
    }

    /** The differences, as sentences; empty if there are none. */
    List<String> problems() {
        return problems;
    }

    @Override
    public synchronized void run() {
        if (closed) {
            return;
        }
        long now = clock.millis();
        meta.put(key, self.at(now).text());
        List<String> found = new ArrayList<>();
        for (String other : meta.keys(AnnouncedServer.KEY_PREFIX)) {
            if (!other.equals(key)) {
                meta.get(other).flatMap(AnnouncedServer::parse).ifPresent(server -> {
                    if (server.seenAt() > now - ALIVE.toMillis()) {
                        compare(server, found);
                    } else if (server.seenAt() < now - FORGOTTEN.toMillis()) {
                        meta.remove(other);
                    }
                });
            }
        }
        List<String> distinct = found.stream().distinct().toList();
        if (!distinct.equals(problems)) {
            problems = distinct;
            distinct.forEach(problem -> LOG.warn("{}: give all servers of a database the same settings", problem));
        }
    }

    private void compare(AnnouncedServer other, List<String> found) {
        difference(self.apiKey(), other.apiKey(), "another server of this database has a different API key")
                .ifPresent(found::add);
        difference(
                        self.allowedTargets(),
                        other.allowedTargets(),
                        "another server of this database has a different --allow-targets")
                .ifPresent(found::add);
        difference(
                        self.queryLadder(),
                        other.queryLadder(),
                        "another server of this database has a different --query-ladder")
                .ifPresent(found::add);
        difference(
                        self.refundLimits(),
                        other.refundLimits(),
                        "another server of this database has a different --refund-limit")
                .ifPresent(found::add);
        difference(
                        self.version(),
                        other.version(),
                        "another server of this database runs version " + other.version() + ", not " + self.version())
                .ifPresent(found::add);
    }

    private static Optional<String> difference(String own, String others, String problem) {
        return own.equals(others) ? Optional.empty() : Optional.of(problem);
    }

    /** This server stops. */
    @Override
    public synchronized void close() {
        closed = true;
        meta.remove(key);
    }
}
