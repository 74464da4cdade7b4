package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tracks the progress of each delay queue: the latest expiry among the messages that arrived from it. Thread-safe.
 *
 * <p>A queue releases expired messages in order, so a wake that expired before the latest arrival is no longer in it. Where arrivals are
 * rare, marks show progress: while a wake of this server is in a queue, the server publishes a mark to it every second, which comes back to
 * the server. An overdue mark makes the queue <em>late</em>. If the mark is still missing when a probe sent after it has passed the queue
 * of due wakes, the queue is <em>stalled</em>: it does not release expired messages, and new wakes avoid it until a message arrives from
 * it.
 */
final class DelayQueueProgress {
    /**
     * With at-least-once dead-lettering, expired messages that are not yet confirmed elsewhere are not in the queue's depth; while there
     * is such a backlog, messages keep arriving.
     */
    private static final long STILL_ARRIVING_NANOS = Duration.ofSeconds(2).toNanos();
    /** A mark overdue by this much makes its queue late. */
    private static final long LATE_MILLIS = 1_000;
    /**
     * A mark overdue by this much triggers a probe that decides whether the queue is stalled; two more marks should have arrived by then.
     */
    private static final long DOUBTFUL_MILLIS = 2_000;
    /** Interval of marks to an avoided queue, which detect that it works again even if it was purged. */
    private static final long MARK_AVOIDED_MILLIS = 10_000;
    /** One mark a second for the longest delay, and a reserve. */
    private static final int MARKS_MAX = 1_024;

    private static final class Queue {
        private long newestExpiry = Long.MIN_VALUE;
        private long arrivedNanos;
        private boolean arrived;
        /** A wake of this server is in the queue until then, epoch milliseconds. */
        private long ours = Long.MIN_VALUE;

        private long markedAt = Long.MIN_VALUE / 2;
        /** Expiry times of the marks in the queue, ascending. */
        private final Deque<Long> marks = new ArrayDeque<>();
        /** Number of this server's wakes in the queue, by the second in which they expire. */
        private final NavigableMap<Long, Integer> wakes = new TreeMap<>();

        private boolean stalled;
        private boolean refusing;

        private boolean isAvoided() {
            return stalled || refusing;
        }
    }

    private final Map<Integer, Queue> queues = new ConcurrentHashMap<>();
    private final AtomicLong stalls = new AtomicLong();
    private final AtomicLong resumptions = new AtomicLong();
    private volatile long consumingSince = Long.MAX_VALUE;

    private Queue queue(int delay) {
        return queues.computeIfAbsent(delay, key -> new Queue());
    }

    /**
     * A wake or a mark arrived from this queue.
     *
     * @return whether it was stalled and has recovered
     */
    boolean arrived(int delay, long sentAt) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.arrivedNanos = System.nanoTime();
            queue.arrived = true;
            long expiry = sentAt + delay;
            if (expiry > queue.newestExpiry) {
                queue.newestExpiry = expiry;
                while (!queue.marks.isEmpty() && queue.marks.peekFirst() <= expiry) {
                    queue.marks.removeFirst();
                }
                queue.wakes.headMap(expiry / 1_000).clear();
            }
            boolean resumed = queue.stalled;
            if (resumed) {
                queue.stalled = false;
                resumptions.incrementAndGet();
            }
            return resumed;
        }
    }

    /** A wake is published to this queue. */
    void entered(int delay, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.ours = now + delay;
            queue.wakes.merge((now + delay) / 1_000, 1, Integer::sum);
        }
    }

    /** Wakes were found in this queue at the start. */
    void found(int delay, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.ours = Math.max(queue.ours, now + delay);
        }
    }

    /** The queues that need a mark now. */
    List<Integer> toMark(long now) {
        List<Integer> due = new ArrayList<>();
        queues.forEach((delay, queue) -> {
            synchronized (queue) {
                boolean wanted = queue.isAvoided() ? now - queue.markedAt >= MARK_AVOIDED_MILLIS : queue.ours >= now;
                if (wanted) {
                    queue.markedAt = now;
                    due.add(delay);
                }
            }
        });
        return due;
    }

    /** A mark was confirmed in this queue, so it accepts messages. */
    void marked(int delay, long sentAt) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.refusing = false;
            if (sentAt + delay > queue.newestExpiry && queue.marks.size() < MARKS_MAX) {
                queue.marks.addLast(sentAt + delay);
            }
        }
    }

    /**
     * A mark was not confirmed in this queue, although others were confirmed elsewhere.
     *
     * @return whether the queue was not known to fail before
     */
    boolean refused(int delay) {
        Queue queue = queue(delay);
        synchronized (queue) {
            boolean news = !queue.isAvoided();
            queue.refusing = true;
            if (news) {
                stalls.incrementAndGet();
            }
            return news;
        }
    }

    /** From now on arrivals are evidence. */
    void consuming(long now) {
        consumingSince = now;
    }

    /** Missing arrivals are no evidence until {@link #consuming}. */
    void notConsuming() {
        consumingSince = Long.MAX_VALUE;
    }

    /** The broker has lost its messages: marks in transit will not arrive. */
    void forgotten() {
        queues.values().forEach(queue -> {
            synchronized (queue) {
                queue.marks.clear();
                queue.wakes.clear();
                queue.stalled = false;
            }
        });
    }

    /** Queues whose mark is overdue by some seconds; a probe must decide whether they are stalled. */
    List<Integer> doubtful(long now) {
        return queues.keySet().stream()
                .filter(delay -> isOverdue(queue(delay), now, DOUBTFUL_MILLIS))
                .toList();
    }

    /**
     * A probe that was sent because of this queue has returned.
     *
     * @return whether the queue is newly stalled
     */
    boolean judge(int delay, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            if (!isOverdue(queue, now, DOUBTFUL_MILLIS)) {
                return false;
            }
            queue.stalled = true;
            stalls.incrementAndGet();
            return true;
        }
    }

    private boolean isOverdue(Queue queue, long now, long by) {
        synchronized (queue) {
            Long first = queue.marks.peekFirst();
            return first != null && !queue.stalled && Math.max(first, consumingSince) < now - by;
        }
    }

    /** Whether, according to arrivals, all messages that this queue released until then have arrived. */
    boolean hasPassed(int delay, long expiry) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.newestExpiry >= expiry;
        }
    }

    /** Whether a wake that expired then may still arrive from this queue soon: it is late but not stalled. */
    boolean mayStillRelease(int delay, long expiry, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.newestExpiry < expiry
                    && !queue.stalled
                    && (queue.arrived && System.nanoTime() - queue.arrivedNanos < STILL_ARRIVING_NANOS
                            || isOverdue(queue, now, LATE_MILLIS));
        }
    }

    /** Whether it is stalled and contains wakes that expired until then. */
    boolean isHoldingBack(int delay, long expiry) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.stalled && queue.newestExpiry < expiry;
        }
    }

    /** Whether new wakes should avoid this queue. */
    boolean isAvoided(int delay) {
        Queue queue = queues.get(delay);
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            return queue.isAvoided();
        }
    }

    /** The avoided queues, ascending. */
    List<Integer> avoided() {
        return queues.keySet().stream().filter(this::isAvoided).sorted().toList();
    }

    /** Number of this server's wakes in this queue, including those that the broker does not count. */
    long waiting(int delay) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return sum(queue.wakes.values());
        }
    }

    private static long sum(Collection<Integer> counts) {
        return counts.stream().mapToLong(Integer::longValue).sum();
    }

    /** How often a queue was found stalled or not accepting messages. */
    long stalls() {
        return stalls.get();
    }

    /** How often a stalled queue recovered. */
    long resumptions() {
        return resumptions.get();
    }
}
