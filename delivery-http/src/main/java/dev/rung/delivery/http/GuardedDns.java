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
 * Looks names up and has the guard judge what they lead to; only judged addresses come out of it. Thread-safe.
 *
 * <p>A look-up cannot be interrupted, so it runs on a thread of its own and whoever waited in vain leaves it behind. Those threads
 * are platform threads: the JDK's resolver blocks in native code, which would hold a virtual thread's carrier, and there
 * are only as many of those as processors. A name has at most one look-up under way, and all together at most {@link #UNDER_WAY_MAX}, so
 * that names that do not resolve hold up nobody but themselves.
 */
final class GuardedDns implements AutoCloseable {
    static final int UNDER_WAY_MAX = 256;

    /** Long enough to spare a burst of connections its look-ups, too short for anybody to notice a change late. */
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
     * The addresses that a connection to this host may be made to.
     *
     * @throws RefusedException if it leads to none that is allowed
     * @throws UnreachableException if it leads nowhere
     * @throws InterruptedException the deadline came first
     */
    List<InetAddress> vetted(String host) throws IOException, InterruptedException {
        Lookup lookup = lookups.compute(host, (h, known) -> known != null && known.isUsable() ? known : new Lookup());
        lookup.startOnce(host);
        try {
            return lookup.found.get();
        } catch (ExecutionException e) {
            // Whoever shares the look-up gets an exception of their own to throw.
            throw switch (e.getCause()) {
                case RefusedException refused -> new RefusedException(String.valueOf(refused.getMessage()));
                case UnreachableException none -> new UnreachableException(String.valueOf(none.getMessage()));
                case null, default -> new UnreachableException("the name " + host + " does not resolve");
            };
        }
    }

    /** One look-up, under way or just done. */
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
                end(() -> found.completeExceptionally(new UnreachableException(
                        "too many look-ups of names are under way, there was no room for " + host)));
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
