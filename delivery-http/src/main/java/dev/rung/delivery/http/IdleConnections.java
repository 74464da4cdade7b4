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
 * Connections that wait to be used again, bounded per route and in all; one too many closes the one that has waited longest.
 * Thread-safe; nobody ever waits here, and nothing is closed under the lock.
 *
 * <p>A server's promise to keep a connection open is believed at once only after it was seen to keep it. Until then a connection rests for
 * {@link #PROBATION_NANOS} first: a server that closes after each answer without saying so has done it by then. One that was caught
 * closing as it was sent to is not believed for a while. No request is ever sent twice, so a broken promise would cost the merchant an attempt.
 */
final class IdleConnections implements AutoCloseable {
    static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    static final long PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long DISTRUST_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A connection is given up at this age, so that a host that moves is followed. */
    private static final long AGE_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private static final int ROUTES_REMEMBERED_MAX = 10_000;

    private final int max;
    private final int perRouteMax;
    private final Map<ConnectionRoute, Shelf> shelves = new HashMap<>();
    /** All that wait, the longest first. */
    private final SequencedSet<MerchantConnection> byAge = new LinkedHashSet<>();

    private boolean closed;

    IdleConnections(int max, int perRouteMax) {
        this.max = max;
        this.perRouteMax = perRouteMax;
    }

    /** What is known of a route, and its connections that wait, the latest given first. */
    private static final class Shelf {
        private final Deque<MerchantConnection> waiting = new ArrayDeque<>();
        private boolean proven;
        private long distrustedUntil;
        private long usedAt;

        Shelf(long now) {
            distrustedUntil = now;
        }

        /** The latest, which is the least likely to have been closed; without proof, the one that had most time to be closed. */
        @Nullable MerchantConnection next(long now) {
            if (proven) {
                return waiting.peekFirst();
            }
            MerchantConnection oldest = waiting.peekLast();
            return oldest != null && now - oldest.idleSince() >= PROBATION_NANOS ? oldest : null;
        }
    }

    /** One that can be used now, or null. */
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
        Shelf shelf = shelves.get(route);
        MerchantConnection next = shelf == null ? null : shelf.next(now);
        if (shelf != null && next != null) {
            if (shelf.proven) {
                shelf.waiting.removeFirst();
            } else {
                shelf.waiting.removeLast();
            }
            byAge.remove(next);
        }
        return next;
    }

    /** Whether one could be taken now, if it is still open. */
    synchronized boolean has(ConnectionRoute route) {
        Shelf shelf = shelves.get(route);
        return shelf != null && shelf.next(System.nanoTime()) != null;
    }

    /**
     * Takes back a connection after a complete exchange.
     *
     * @param reused it had carried another exchange before this one
     * @param nanos for how long the server promised to keep it open
     */
    void give(MerchantConnection connection, boolean reused, long nanos) {
        long now = System.nanoTime();
        long age = now - connection.openedAt();
        long usable = Math.min(Math.min(nanos, IDLE_NANOS_MAX), AGE_NANOS_MAX - age);
        MerchantConnection surplus = shelve(connection, reused, now, usable);
        if (surplus != null) {
            surplus.close();
        }
    }

    private synchronized @Nullable MerchantConnection shelve(
            MerchantConnection connection, boolean reused, long now, long usable) {
        if (shelves.size() > ROUTES_REMEMBERED_MAX) {
            shelves.values().removeIf(shelf -> shelf.waiting.isEmpty());
        }
        Shelf shelf = shelves.computeIfAbsent(connection.route(), r -> new Shelf(now));
        shelf.usedAt = now;
        shelf.proven |= reused;
        if (closed || usable <= 0 || shelf.distrustedUntil - now > 0) {
            return connection;
        }
        connection.idle(now, usable);
        shelf.waiting.addFirst(connection);
        byAge.add(connection);
        if (shelf.waiting.size() > perRouteMax) {
            MerchantConnection oldest = shelf.waiting.removeLast();
            byAge.remove(oldest);
            return oldest;
        }
        if (byAge.size() > max) {
            // The longest of all to wait is also the longest of its shelf.
            MerchantConnection oldest = byAge.removeFirst();
            shelf(oldest).waiting.removeLast();
            return oldest;
        }
        return null;
    }

    private Shelf shelf(MerchantConnection waiting) {
        return Objects.requireNonNull(shelves.get(waiting.route()), "a connection that waits stands on a shelf");
    }

    /** It was closed as it was sent to. */
    synchronized void distrust(ConnectionRoute route) {
        long until = System.nanoTime() + DISTRUST_NANOS;
        Shelf shelf = shelves.computeIfAbsent(route, r -> new Shelf(until));
        shelf.proven = false;
        shelf.distrustedUntil = until;
        shelf.usedAt = until;
    }

    /** Closes those that have waited long enough, and forgets routes that nobody uses. To be called now and then. */
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
                shelf(connection).waiting.remove(connection);
            }
            shelves.values().removeIf(shelf -> shelf.waiting.isEmpty() && now - shelf.usedAt > DISTRUST_NANOS);
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
            shelves.clear();
        }
        all.forEach(MerchantConnection::close);
    }
}
