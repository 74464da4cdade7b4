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
 * A queue of wakes within the process. Thread-safe.
 *
 * <p>The store knows every wake, so the queue need not: it holds the nearest due, up to a horizon, and pages the rest in when those run
 * low. A wake later than the horizon is not kept at all. No wake falls between: whoever schedules has committed before, so a wake
 * beyond the horizon is in the store, and either the page that moves the horizon past it was read after that commit and has it, or it
 * was scheduled while that page was being read, and then {@link #arrivals} has it. When the heap overflows meanwhile, the horizon has
 * moved back, the page leaves a gap, and is thrown away.
 *
 * <p>One thread of its own sleeps until the next is due and delivers what is; another, virtual, reads pages. The listener is called
 * without the lock.
 */
public final class LocalWakeQueue implements WakeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWakeQueue.class);

    private static final int HELD_MAX = 200_000;
    private static final int PAGE = 5_000;
    private static final Duration HORIZON = Duration.ofDays(3_650);
    private static final Duration RETRY = Duration.ofMillis(500);
    /** However far the next is: the clock's pace may change meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** Where wakes are that the queue does not hold: see {@code NotificationStore.queued}. */
    @FunctionalInterface
    public interface Source {
        /** What is queued, in order of due time and id, from after the given position up to {@code dueUntil} inclusive. */
        List<Wake> queued(@Nullable Wake after, long dueUntil, int limit);
    }

    private final Source source;
    private final InstantSource clock;
    private final int prefetch;
    private final int heldMax;
    private final int page;
    /** What was due by then may have been delivered by a process that was killed. */
    private final long redeliveredUntil;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition pagesWanted = lock.newCondition();
    private final List<Probe> probes = new ArrayList<>();
    private WakeHeap heap;
    /** What is scheduled while a page is being read: it may belong before the page's end. */
    private @Nullable WakeHeap arrivals;

    private int unacknowledged;
    /** Of those, the ones delivered as {@code redelivered}. */
    private int doubtful;

    private boolean paused;
    private boolean closed;
    private @Nullable Listener listener;
    private @Nullable Thread deliverer;

    private record Probe(long sentAt, CompletableFuture<Boolean> back) {}

    /**
     * @param prefetch deliveries that may be unacknowledged at once
     * @param unclean the process before did not end in order, so that what is due by now may have been attempted without a
     *     record: it is delivered as {@code redelivered}
     */
    public LocalWakeQueue(Source source, InstantSource clock, int prefetch, boolean unclean) {
        this(source, clock, prefetch, unclean, HELD_MAX, PAGE);
    }

    LocalWakeQueue(Source source, InstantSource clock, int prefetch, boolean unclean, int heldMax, int page) {
        if (prefetch < 1 || page < 1 || heldMax < 4) {
            throw new IllegalArgumentException("prefetch, held wakes and pages must have room");
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
                throw new IllegalStateException("a queue is started once");
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

    /** Exact: whatever is not in the heap and lies before the horizon was delivered, or never came. */
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
     * Whether wakes are still to be delivered or acknowledged that may repeat an attempt of the process before: then this process's
     * end must not pass for a clean one, however orderly it is.
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

    /** Takes out what is due and may be delivered, and the probes that nothing stands before; returns how long to sleep if that is nothing. */
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
                    "The listener threw on {} wakes that are due. They are dropped; the sweeper finds them.",
                    due.size(),
                    e);
            due.forEach(delivery -> delivery.receipt().acknowledge());
        }
    }

    /** A delivery's end gives back its place among the unacknowledged. */
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

    /** The store is away. The line has not moved, so nothing is lost; what arrived meanwhile is in the store. */
    private void abandonPage(RuntimeException cause) {
        lock.lock();
        try {
            arrivals = null;
            if (!closed) {
                LOG.warn("Could not read which wakes are next; trying again in {} ms.", RETRY.toMillis(), cause);
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
