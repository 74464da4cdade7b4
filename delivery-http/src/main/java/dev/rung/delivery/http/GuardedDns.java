package dev.rung.delivery.http;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Resolves names and returns only addresses that the guard allows. Thread-safe.
 *
 * <p>A lookup cannot be interrupted, so it runs on its own thread and is abandoned at the caller's deadline. These are platform
 * threads: the JDK's resolver blocks in native code, which would pin the carrier of a virtual thread. There is at most one lookup per name
 * at a time and at most {@link #UNDER_WAY_MAX} in total, so that names that do not resolve delay only themselves.
 */
final class GuardedDns implements AutoCloseable {
    static final int UNDER_WAY_MAX = 256;

    /** Long enough for a burst of connections to share a lookup, short enough for DNS changes to take effect at once. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int KEPT_MAX = 4096;

    private final NameResolver resolver;
    private final EgressGuard guard;
    private final ConcurrentMap<String, Lookup> lookups = new ConcurrentHashMap<>();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            UNDER_WAY_MAX,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("rung-dns-", 0).factory());

    GuardedDns(NameResolver resolver, EgressGuard guard) {
        this.resolver = resolver;
        this.guard = guard;
    }

    /**
     * The addresses to which a connection to this host is allowed.
     *
     * @throws RefusedException if none of its addresses is allowed
     * @throws UnreachableException if it does not resolve
     * @throws InterruptedException if the deadline passed first
     */
    List<InetAddress> vetted(String host) throws IOException, InterruptedException {
        Lookup lookup = lookups.compute(host, (h, known) -> known != null && known.isUsable() ? known : new Lookup());
        lookup.startOnce(host);
        try {
            return lookup.found.get();
        } catch (ExecutionException e) {
            // The lookup is shared, so each caller throws a new exception.
            throw switch (e.getCause()) {
                case RefusedException refused -> new RefusedException(String.valueOf(refused.getMessage()));
                case UnreachableException none -> new UnreachableException(String.valueOf(none.getMessage()));
                case null, default -> new UnreachableException("the name " + host + " does not resolve");
            };
        }
    }

    /** One lookup, running or just finished. */
    private final class Lookup {
        private final CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        private boolean started;
        private volatile long endedAt;

        boolean isUsable() {
            return !found.isDone() || System.nanoTime() - endedAt < KEPT_NANOS;
        }

        void startOnce(String host) {
            synchronized (this) {
                if (started) {
                    return;
                }
                started = true;
            }
            makeRoom();
            try {
                threads.execute(() -> look(host));
            } catch (RejectedExecutionException _) {
                lookups.remove(host, this);
                end(() -> found.completeExceptionally(
                        new UnreachableException("too many name lookups are running to start one for " + host)));
            }
        }

        private void look(String host) {
            try {
                List<InetAddress> vetted = guard.vetted(resolver.resolve(host));
                end(() -> found.complete(vetted));
            } catch (IOException | RuntimeException e) {
                end(() -> found.completeExceptionally(e));
            }
        }

        private void end(Runnable completion) {
            endedAt = System.nanoTime();
            completion.run();
        }
    }

    private void makeRoom() {
        if (lookups.size() > KEPT_MAX) {
            lookups.values().removeIf(lookup -> !lookup.isUsable());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
