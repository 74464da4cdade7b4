package dev.rung.queue.local;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue;
import dev.rung.queue.local.WakeHeap.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The in-process queue of wakes. Thread-safe.
 *
 * <p>The store has every wake, so the queue holds only the nearest due, up to a horizon, and reads the next page from
 * the store when they run low. A wake beyond the horizon is not kept. No wake is missed: its scheduler has committed it
 * before, so a wake beyond the horizon is in the store. Either the page that moves the horizon past it was read after
 * that commit and contains it, or it was scheduled while that page was being read, and {@link #arrivals} contains it.
 * If the heap overflows meanwhile, the horizon has moved back, the page would leave a gap, and is discarded.
 *
 * <p>One thread sleeps until the next wake is due and delivers it; another, virtual, reads pages. The listener is
 * called without holding the lock.
 */
public final class LocalWakeQueue implements WakeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWakeQueue.class);

    private static final int HELD_MAX = 200_000;
    private static final int PAGE = 5_000;
    private static final Duration HORIZON = Duration.ofDays(3_650);
    private static final Duration RETRY = Duration.ofMillis(500);
    /** The longest sleep, because the clock's rate may change meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** The source of wakes that the queue does not hold: see {@code NotificationStore.queued}. */
    @FunctionalInterface
    public interface Source {
        /** The queued wakes, in order of due time and id, after the given position up to {@code dueUntil} inclusive. */
        List<Wake> queued(@Nullable Wake after, long dueUntil, int limit);
    }

    private final Source source;
    private final InstantSource clock;
    private final int prefetch;
    private final int heldMax;
    private final int page;
    /** Wakes due up to this time may have been delivered by a killed process. */
    private final long redeliveredUntil;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition pagesWanted = lock.newCondition();
    private final List<Probe> probes = new ArrayList<>();
    private WakeHeap heap;
    /** Wakes scheduled while a page is being read: they may be due before the page's end. */
    private @Nullable WakeHeap arrivals;

    private int unacknowledged;
    /** Those of them that are delivered as {@code redelivered}. */
    private int doubtful;

    private boolean paused;
    private boolean closed;
    private @Nullable Listener listener;
    private @Nullable Thread deliverer;

    private record Probe(long sentAt, CompletableFuture<Boolean> back) {}

    /**
     * @param prefetch maximum number of unacknowledged deliveries
     * @param unclean the previous process did not shut down in order, so wakes that are due by now may have been
     *     attempted without a record: they are delivered as {@code redelivered}
     */
    public LocalWakeQueue(Source source, InstantSource clock, int prefetch, boolean unclean) {
        this(source, clock, prefetch, unclean, HELD_MAX, PAGE);
    }

    LocalWakeQueue(Source source, InstantSource clock, int prefetch, boolean unclean, int heldMax, int page) {
        if (prefetch < 1 || page < 1 || heldMax < 4) {
            throw new IllegalArgumentException("prefetch, heap size and page size are too small");
        }
        this.source = source;
        this.clock = clock;
        this.prefetch = prefetch;
        this.heldMax = heldMax;
        this.page = page;
        this.redeliveredUntil = unclean ? clock.millis() : Long.MIN_VALUE;
        this.heap = new WakeHeap(heldMax, Position.FIRST);
    }

    @Override
    public void start(Listener listener) {
        lock.lock();
        try {
            if (this.listener != null) {
                throw new IllegalStateException("the queue has already been started");
            }
            this.listener = listener;
            arrivals = new WakeHeap(heldMax, Position.LAST);
            deliverer = Thread.ofPlatform().name("rung-wakes").daemon().start(() -> deliver(listener));
            Thread.ofVirtual().name("rung-wakes-pager").start(this::readPages);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionStage<List<Wake>> schedule(List<Wake> wakes) {
        lock.lock();
        try {
            long before = heap.firstDue();
            for (Wake wake : wakes) {
                add(wake);
            }
            if (heap.firstDue() < before) {
                lookAgain();
            }
        } finally {
            lock.unlock();
        }
        return CompletableFuture.completedStage(List.of());
    }

    private void add(Wake wake) {
        if (arrivals != null && Position.of(wake).compareTo(heap.horizon()) > 0) {
            arrivals.add(wake);
        } else {
            heap.add(wake);
        }
    }

    @Override
    public Duration horizon() {
        return HORIZON;
    }

    @Override
    public CompletionStage<Boolean> probe() {
        lock.lock();
        try {
            if (closed || paused || listener == null) {
                return CompletableFuture.completedStage(false);
            }
            Probe probe = new Probe(clock.millis(), new CompletableFuture<>());
            probes.add(probe);
            lookAgain();
            return probe.back();
        } finally {
            lock.unlock();
        }
    }

    /** Exact, because a wake before the horizon that is not in the heap was delivered, or never existed. */
    @Override
    public boolean mayStillHold(long dueAt) {
        lock.lock();
        try {
            return !knowsAllUntil(dueAt) || heap.firstDue() <= dueAt;
        } finally {
            lock.unlock();
        }
    }

    private boolean knowsAllUntil(long dueAt) {
        return heap.horizon().compareTo(new Position(dueAt, Long.MAX_VALUE)) >= 0;
    }

    /**
     * Whether undelivered or unacknowledged wakes may repeat an attempt of the previous process. If so, the end of this
     * process must not count as clean, even if it is orderly.
     */
    public boolean mayHoldDoubt() {
        lock.lock();
        try {
            return redeliveredUntil != Long.MIN_VALUE && (doubtful > 0 || mayStillHold(redeliveredUntil));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            paused = false;
            lookAgain();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Map<String, Long> depths() {
        lock.lock();
        try {
            return Map.of("held", (long) heap.size(), "unacknowledged", (long) unacknowledged);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Probe> unanswered;
        lock.lock();
        try {
            closed = true;
            unanswered = List.copyOf(probes);
            probes.clear();
            lookAgain();
            pagesWanted.signalAll();
        } finally {
            lock.unlock();
        }
        unanswered.forEach(probe -> probe.back().complete(false));
    }

    private void lookAgain() {
        LockSupport.unpark(deliverer);
    }

    private void deliver(Listener listener) {
        List<WakeMessage> due = new ArrayList<>();
        List<Probe> back = new ArrayList<>();
        while (true) {
            long nanos;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                nanos = takeDue(due, back);
                if (!knowsAll() && heap.size() < heldMax / 4) {
                    pagesWanted.signal();
                }
            } finally {
                lock.unlock();
            }
            if (due.isEmpty() && back.isEmpty()) {
                LockSupport.parkNanos(this, nanos);
                continue;
            }
            tell(listener, List.copyOf(due));
            back.forEach(probe -> probe.back().complete(true));
            due.clear();
            back.clear();
        }
    }

    private boolean knowsAll() {
        return heap.horizon().equals(Position.LAST);
    }

    /**
     * Removes the due wakes that may be delivered, and the probes with nothing before them; returns how long to sleep
     * if there are none.
     */
    private long takeDue(List<WakeMessage> due, List<Probe> back) {
        if (paused) {
            return Long.MAX_VALUE;
        }
        Instant now = clock.instant();
        long millis = now.toEpochMilli();
        while (heap.firstDue() <= millis && unacknowledged < prefetch) {
            Wake wake = heap.take();
            boolean redelivered = wake.dueAt() <= redeliveredUntil;
            unacknowledged++;
            doubtful += redelivered ? 1 : 0;
            due.add(new WakeMessage(wake, redelivered, new LocalReceipt(wake, redelivered)));
        }
        for (int i = probes.size() - 1; i >= 0; i--) {
            if (!mayStillHold(probes.get(i).sentAt())) {
                back.add(probes.remove(i));
            }
        }
        if (heap.isEmpty() || unacknowledged == prefetch) {
            return Long.MAX_VALUE;
        }
        Instant next = Instant.ofEpochMilli(Math.min(heap.firstDue(), millis + LOOK_AGAIN.toMillis()));
        return Math.max(0, Duration.between(now, next).toNanos());
    }

    private static void tell(Listener listener, List<WakeMessage> due) {
        if (due.isEmpty()) {
            return;
        }
        try {
            listener.due(due);
        } catch (RuntimeException e) {
            LOG.error(
                    "The listener failed for {} due wakes. They are dropped; the sweeper re-arms them.", due.size(), e);
            due.forEach(delivery -> delivery.receipt().acknowledge());
        }
    }

    /** The end of a delivery frees one place of the prefetch. */
    private final class LocalReceipt implements Receipt {
        private final Wake wake;
        private final boolean redelivered;
        private boolean ended;

        LocalReceipt(Wake wake, boolean redelivered) {
            this.wake = wake;
            this.redelivered = redelivered;
        }

        @Override
        public void acknowledge() {
            end(false);
        }

        @Override
        public void handBack() {
            end(true);
        }

        @Override
        public boolean isOpen() {
            lock.lock();
            try {
                return !ended;
            } finally {
                lock.unlock();
            }
        }

        private void end(boolean back) {
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                ended = true;
                if (back) {
                    add(wake);
                }
                if (back || unacknowledged == prefetch) {
                    lookAgain();
                }
                unacknowledged--;
                doubtful -= redelivered ? 1 : 0;
            } finally {
                lock.unlock();
            }
        }
    }

    private void readPages() {
        while (true) {
            Position from;
            lock.lock();
            try {
                while (!closed && (knowsAll() || heap.size() >= heldMax / 4)) {
                    pagesWanted.await();
                }
                if (closed) {
                    return;
                }
                from = heap.horizon();
                if (arrivals == null) {
                    arrivals = new WakeHeap(heldMax, Position.LAST);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
            }
            readPage(from);
        }
    }

    private void readPage(Position from) {
        List<Wake> read;
        try {
            read = source.queued(asWake(from), Long.MAX_VALUE, page);
        } catch (RuntimeException e) {
            abandonPage(e);
            return;
        }
        lock.lock();
        try {
            take(read, from);
            arrivals = null;
            lookAgain();
        } finally {
            lock.unlock();
        }
    }

    private void take(List<Wake> read, Position from) {
        WakeHeap meanwhile = arrivals;
        if (meanwhile == null || !heap.horizon().equals(from)) {
            return;
        }
        Position end = read.size() < page ? Position.LAST : Position.of(read.getLast());
        heap.extend(end.compareTo(meanwhile.horizon()) < 0 ? end : meanwhile.horizon());
        read.forEach(heap::add);
        while (!meanwhile.isEmpty()) {
            heap.add(meanwhile.take());
        }
    }

    /**
     * The store is unreachable. The horizon has not moved, so nothing is lost; wakes scheduled meanwhile are in the
     * store.
     */
    private void abandonPage(RuntimeException cause) {
        lock.lock();
        try {
            arrivals = null;
            if (!closed) {
                LOG.warn("Could not read the next wakes; retrying in {} ms.", RETRY.toMillis(), cause);
            }
            long nanos = RETRY.toNanos();
            while (nanos > 0 && !closed) {
                nanos = pagesWanted.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Wake asWake(Position position) {
        return position.equals(Position.FIRST)
                ? null
                : new Wake(new NotificationId(Math.max(0, position.id())), 0, position.dueAt());
    }
}
