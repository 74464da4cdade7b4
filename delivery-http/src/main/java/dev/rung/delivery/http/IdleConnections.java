package dev.rung.delivery.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pool of idle connections, limited per route and in total; when the limit is exceeded, the connection that was idle longest is closed.
 * Thread-safe; callers never wait, and no connection is closed while holding the lock.
 *
 * <p>A route's connections are reused immediately only after one was reused successfully. Until then a connection first stays idle for
 * {@link #PROBATION_NANOS}: a server that closes after each response without announcing it has done so by then. A route whose server closed
 * a connection while a request was being sent is not reused for {@link #DISTRUST_NANOS}. Requests are never sent twice, so a
 * connection closed by the server would cost the merchant an attempt.
 */
final class IdleConnections implements AutoCloseable {
    static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    static final long PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long DISTRUST_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Connections are closed at this age, so that changes of DNS take effect. */
    private static final long AGE_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private static final int ROUTES_REMEMBERED_MAX = 10_000;

    private final int max;
    private final int perRouteMax;
    private final Map<ConnectionRoute, RouteEntry> routes = new HashMap<>();
    /** All idle connections, the longest idle first. */
    private final SequencedSet<MerchantConnection> byAge = new LinkedHashSet<>();

    private boolean closed;

    IdleConnections(int max, int perRouteMax) {
        this.max = max;
        this.perRouteMax = perRouteMax;
    }

    /** State of a route and its idle connections, the most recent first. */
    private static final class RouteEntry {
        private final Deque<MerchantConnection> idle = new ArrayDeque<>();
        private boolean proven;
        private long distrustedUntil;
        private long usedAt;

        RouteEntry(long now) {
            distrustedUntil = now;
        }

        /** The most recent, which is least likely to be closed by now; before the first successful reuse, the oldest. */
        @Nullable MerchantConnection next(long now) {
            if (proven) {
                return idle.peekFirst();
            }
            MerchantConnection oldest = idle.peekLast();
            return oldest != null && now - oldest.idleSince() >= PROBATION_NANOS ? oldest : null;
        }
    }

    /** A connection that can be used now, or null. */
    @Nullable MerchantConnection take(ConnectionRoute route) {
        while (true) {
            MerchantConnection candidate = candidate(route, System.nanoTime());
            if (candidate == null || candidate.isFresh()) {
                return candidate;
            }
            candidate.close();
        }
    }

    private synchronized @Nullable MerchantConnection candidate(ConnectionRoute route, long now) {
        RouteEntry entry = routes.get(route);
        MerchantConnection next = entry == null ? null : entry.next(now);
        if (entry != null && next != null) {
            if (entry.proven) {
                entry.idle.removeFirst();
            } else {
                entry.idle.removeLast();
            }
            byAge.remove(next);
        }
        return next;
    }

    /** Whether a connection could be taken now, if it is still open. */
    synchronized boolean has(ConnectionRoute route) {
        RouteEntry entry = routes.get(route);
        return entry != null && entry.next(System.nanoTime()) != null;
    }

    /**
     * Returns a connection after a complete exchange.
     *
     * @param reused whether it had been used before this exchange
     * @param nanos how long the server promised to keep it open
     */
    void give(MerchantConnection connection, boolean reused, long nanos) {
        long now = System.nanoTime();
        long age = now - connection.openedAt();
        long usable = Math.min(Math.min(nanos, IDLE_NANOS_MAX), AGE_NANOS_MAX - age);
        MerchantConnection surplus = put(connection, reused, now, usable);
        if (surplus != null) {
            surplus.close();
        }
    }

    private synchronized @Nullable MerchantConnection put(
            MerchantConnection connection, boolean reused, long now, long usable) {
        if (routes.size() > ROUTES_REMEMBERED_MAX) {
            routes.values().removeIf(entry -> entry.idle.isEmpty());
        }
        RouteEntry entry = routes.computeIfAbsent(connection.route(), r -> new RouteEntry(now));
        entry.usedAt = now;
        entry.proven |= reused;
        if (closed || usable <= 0 || entry.distrustedUntil - now > 0) {
            return connection;
        }
        connection.idle(now, usable);
        entry.idle.addFirst(connection);
        byAge.add(connection);
        if (entry.idle.size() > perRouteMax) {
            MerchantConnection oldest = entry.idle.removeLast();
            byAge.remove(oldest);
            return oldest;
        }
        if (byAge.size() > max) {
            // The longest idle of all is also the longest idle of its route.
            MerchantConnection oldest = byAge.removeFirst();
            entry(oldest).idle.removeLast();
            return oldest;
        }
        return null;
    }

    private RouteEntry entry(MerchantConnection waiting) {
        return Objects.requireNonNull(routes.get(waiting.route()), "an idle connection has an entry for its route");
    }

    /** The server closed a reused connection while a request was being sent. */
    synchronized void distrust(ConnectionRoute route) {
        long until = System.nanoTime() + DISTRUST_NANOS;
        RouteEntry entry = routes.computeIfAbsent(route, r -> new RouteEntry(until));
        entry.proven = false;
        entry.distrustedUntil = until;
        entry.usedAt = until;
    }

    /** Closes connections idle for too long and forgets unused routes. Called periodically. */
    void sweep() {
        long now = System.nanoTime();
        List<MerchantConnection> expired = new ArrayList<>();
        synchronized (this) {
            for (MerchantConnection connection : byAge) {
                if (connection.usableUntil() - now <= 0) {
                    expired.add(connection);
                }
            }
            for (MerchantConnection connection : expired) {
                byAge.remove(connection);
                entry(connection).idle.remove(connection);
            }
            routes.values().removeIf(entry -> entry.idle.isEmpty() && now - entry.usedAt > DISTRUST_NANOS);
        }
        expired.forEach(MerchantConnection::close);
    }

    synchronized int size() {
        return byAge.size();
    }

    @Override
    public void close() {
        List<MerchantConnection> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(byAge);
            byAge.clear();
            routes.clear();
        }
        all.forEach(MerchantConnection::close);
    }
}
