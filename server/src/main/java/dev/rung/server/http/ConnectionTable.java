package dev.rung.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All connections of the server. A new one is always accepted while another one can be closed for it: the one that has
 * kept the server waiting longest, a slow head counting more than an idle connection. So a client that sends its request at
 * once is served, however many connections others hold open. Thread-safe.
 */
public final class ConnectionTable {
    /** Of so many connections, one is displaced at once. */
    private static final int AT_ONCE = 16;
    /** Weighted; a connection that has waited less is not displaced. */
    private static final Duration TIME_TO_ASK = Duration.ofSeconds(1);

    /** After a search without a result, the next one waits for this long. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private static final int FAILED_MAX = 1_000;
    private static final Object ALL = "all addresses";
    private static final Duration WAIT = Duration.ofMillis(1);
    private static final int WAITS_MAX = 500;

    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<SocketChannel, ClientConnection> connections = new ConcurrentHashMap<>();
    /** Those that were not cut; a cut one is in {@link #connections} until its owner has closed it. */
    private final AtomicInteger kept = new AtomicInteger();

    private final ConcurrentMap<Object, Integer> keptByAddress = new ConcurrentHashMap<>();
    /** When no connection to displace was found, by address or for all. */
    private final ConcurrentMap<Object, Long> failedAt = new ConcurrentHashMap<>();

    private final LongAdder overdue = new LongAdder();
    private final LongAdder displaced = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    public ConnectionTable(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Open connections. */
    public int open() {
        return connections.size();
    }

    /** How many may be open at once. */
    public int limit() {
        return limits.total();
    }

    /** Connections whose request is being handled. */
    public long busy() {
        return connections.values().stream().filter(ClientConnection::isBusy).count();
    }

    /** Connections closed because a head, a body or the reading of a response took too long. */
    public long overdue() {
        return overdue.sum();
    }

    /** Connections closed to make room for others. */
    public long displaced() {
        return displaced.sum();
    }

    /** Connections refused, because no other one could be closed for them. */
    public long refused() {
        return refused.sum();
    }

    /** Adds a connection that was just accepted; false if there is no room, and it has to be closed. */
    boolean add(SocketChannel channel, InetAddress remote) {
        Object address = key(remote);
        if (!makeRoom(remote, address)) {
            refused.increment();
            return false;
        }
        connections.put(channel, new ClientConnection(channel, address, nanoTime.getAsLong()));
        kept.incrementAndGet();
        keptByAddress.merge(address, 1, Integer::sum);
        return true;
    }

    /** Removes a connection that was closed. */
    void remove(SocketChannel channel) {
        ClientConnection connection = connections.remove(channel);
        if (connection != null) {
            giveUp(connection);
        }
    }

    /** Counts a connection no longer, once. */
    private boolean giveUp(ClientConnection connection) {
        if (!connection.giveUp()) {
            return false;
        }
        kept.decrementAndGet();
        keptByAddress.computeIfPresent(connection.address(), (address, n) -> n == 1 ? null : n - 1);
        return true;
    }

    @Nullable ClientConnection get(SocketChannel channel) {
        return connections.get(channel);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    private boolean makeRoom(InetAddress remote, Object address) {
        if (keptByAddress.getOrDefault(address, 0) >= limits.perAddress()
                && !limits.exempt().test(remote)
                && !displace(address, c -> c.address().equals(address), limits.perAddress())) {
            return false;
        }
        // While connections come faster than they can be judged, the next ones wait in the operating system's queue.
        for (int waits = 0; waits < WAITS_MAX; waits++) {
            if (connections.size() < limits.total() + limits.total() / 4
                    && (kept.get() < limits.total() || displace(ALL, c -> true, limits.total()))) {
                return true;
            }
            LockSupport.parkNanos(WAIT.toNanos());
        }
        return false;
    }

    /** Cuts those that have kept the server waiting longest: several, so that not each new one has to look at all. */
    private boolean displace(Object scope, Predicate<ClientConnection> eligible, int limit) {
        long now = nanoTime.getAsLong();
        Long failed = failedAt.get(scope);
        if (failed != null && now - failed < LOOK_AGAIN.toNanos()) {
            return false;
        }
        List<Candidate> candidates = new ArrayList<>();
        for (ClientConnection each : connections.values()) {
            double cost = eligible.test(each) ? each.cost(now) : 0;
            if (cost > TIME_TO_ASK.toNanos()) {
                candidates.add(new Candidate(each, cost));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::cost).reversed());
        int wanted = Math.max(1, limit / AT_ONCE);
        for (Candidate each : candidates.subList(0, Math.min(wanted, candidates.size()))) {
            cut(each.connection(), displaced);
        }
        if (!candidates.isEmpty()) {
            return true;
        }
        if (failedAt.size() >= FAILED_MAX) {
            failedAt.clear();
        }
        failedAt.put(scope, now);
        return false;
    }

    private record Candidate(ClientConnection connection, double cost) {}

    private void cut(ClientConnection connection, LongAdder reason) {
        if (giveUp(connection)) {
            reason.increment();
            connection.cut();
        }
    }

    /** Closes every connection whose client was waited for too long. */
    public void closeOverdue() {
        long now = nanoTime.getAsLong();
        for (ClientConnection each : connections.values()) {
            if (each.isOverdue(now, limits)) {
                cut(each, overdue);
            }
        }
    }

    /** What an address is counted by: one client may have all addresses of an IPv6 /64 network. */
    private static Object key(InetAddress remote) {
        return remote instanceof Inet6Address
                ? ByteBuffer.wrap(remote.getAddress(), 0, 8).getLong()
                : remote;
    }
}
