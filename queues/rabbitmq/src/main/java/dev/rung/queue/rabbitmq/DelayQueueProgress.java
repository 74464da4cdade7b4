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
 * How far each delay queue has come: the newest expiry among what arrived from it here. Thread-safe.
 *
 * <p>A queue lets go in order, so a wake that expired before the newest arrival is not in it any more. Where arrivals are rare, marks tell: as long as a
 * wake of this server is in a queue, a mark follows every second and comes back to this server. One that is overdue makes the queue late; one that is
 * still missing when a probe sent behind it has come through the queue of due wakes makes it <em>stalled</em>: it does not let go, and new wakes avoid it
 * until something comes out of it.
 */
final class DelayQueueProgress {
    /** At-least-once dead-lettering keeps what expired where no depth counts it; as long as there is such a backlog, arrivals do not cease. */
    private static final long STILL_ARRIVING_NANOS = Duration.ofSeconds(2).toNanos();
    /** A mark that is so late makes its queue late. */
    private static final long LATE_MILLIS = 1_000;
    /** After so long a probe is sent to learn whether the queue has stalled; two more marks should have come by then. */
    private static final long DOUBTFUL_MILLIS = 2_000;
    /** A queue that is avoided gets a mark this often, so that it is noticed when it was emptied and moves again. */
    private static final long MARK_AVOIDED_MILLIS = 10_000;
    /** A mark a second in the longest delay, and some. */
    private static final int MARKS_MAX = 1_024;

    private static final class Queue {
        private long newestExpiry = Long.MIN_VALUE;
        private long arrivedNanos;
        private boolean arrived;
        /** Until then a wake of this server is in there, epoch milliseconds. */
        private long ours = Long.MIN_VALUE;

        private long markedAt = Long.MIN_VALUE / 2;
        /** When marks that are in there expire, ascending. */
        private final Deque<Long> marks = new ArrayDeque<>();
        /** Wakes of this server that are in there, by the second in which they expire. */
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
     * A wake or a mark came out of this queue.
     *
     * @return whether it had stalled and now moves again
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

    /** A wake goes into this queue. */
    void entered(int delay, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.ours = now + delay;
            queue.wakes.merge((now + delay) / 1_000, 1, Integer::sum);
        }
    }

    /** Wakes were found in this queue. */
    void found(int delay, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            queue.ours = Math.max(queue.ours, now + delay);
        }
    }

    /** The queues that a mark should follow into. */
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

    /** A mark is in this queue: it takes messages. */
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
     * A mark was not confirmed in this queue, though others were elsewhere.
     *
     * @return whether that is news
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

    /** Arrivals can be judged from now on. */
    void consuming(long now) {
        consumingSince = now;
    }

    /** Arrivals mean nothing until {@link #consuming}. */
    void notConsuming() {
        consumingSince = Long.MAX_VALUE;
    }

    /** The broker has forgotten what was in it: marks on their way will not come. */
    void forgotten() {
        queues.values().forEach(queue -> {
            synchronized (queue) {
                queue.marks.clear();
                queue.wakes.clear();
                queue.stalled = false;
            }
        });
    }

    /** Queues whose mark should have come some seconds ago: a probe is to tell whether they have stalled. */
    List<Integer> doubtful(long now) {
        return queues.keySet().stream()
                .filter(delay -> isOverdue(queue(delay), now, DOUBTFUL_MILLIS))
                .toList();
    }

    /**
     * A probe that was sent when this queue was doubtful is back.
     *
     * @return whether the queue has stalled
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

    /** Whether what this queue let go until then has all arrived, as far as arrivals tell. */
    boolean hasPassed(int delay, long expiry) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.newestExpiry >= expiry;
        }
    }

    /** Whether a wake that expired then may still come out of this queue soon: it is late, but moves. */
    boolean mayStillRelease(int delay, long expiry, long now) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.newestExpiry < expiry
                    && !queue.stalled
                    && (queue.arrived && System.nanoTime() - queue.arrivedNanos < STILL_ARRIVING_NANOS
                            || isOverdue(queue, now, LATE_MILLIS));
        }
    }

    /** Whether it has stalled with wakes in it that expired until then. */
    boolean isHoldingBack(int delay, long expiry) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return queue.stalled && queue.newestExpiry < expiry;
        }
    }

    /** Whether new wakes should not go into this queue. */
    boolean isAvoided(int delay) {
        Queue queue = queues.get(delay);
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            return queue.isAvoided();
        }
    }

    /** Those that are avoided, ascending. */
    List<Integer> avoided() {
        return queues.keySet().stream().filter(this::isAvoided).sorted().toList();
    }

    /** Wakes of this server that are still in this queue, also where the broker does not count them. */
    long waiting(int delay) {
        Queue queue = queue(delay);
        synchronized (queue) {
            return sum(queue.wakes.values());
        }
    }

    private static long sum(Collection<Integer> counts) {
        return counts.stream().mapToLong(Integer::longValue).sum();
    }

    /** How often a queue was found stalled, or to take nothing. */
    long stalls() {
        return stalls.get();
    }

    /** How often a stalled queue moved again. */
    long resumptions() {
        return resumptions.get();
    }
}
