package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The delays that have queues, and the choice of the next one for a wake. Thread-safe.
 *
 * <p>A queue for a step of a ladder releases messages {@link #LEAD_MILLIS} before the step ends. When a wake is published, part of its wait
 * has passed (the settlement was written meanwhile), and RabbitMQ adds a delay; a queue of exactly the step would deliver that much late.
 * The remaining time is waited for in the process, to the millisecond.
 */
final class DelayQueues {
    /** The time that settling, publishing and RabbitMQ may take together without making an attempt late. */
    static final int LEAD_MILLIS = 250;

    /** Shorter waits happen in the process; covers the lead and the remainder of a sum of two delays. */
    static final int SMALLEST_MILLIS = 500;

    /** The longest wait in the process when no delay queue works. */
    static final int IN_PROCESS_MAX_MILLIS = 15_000;

    /** Maximum number of delay queues: each is a Raft group in the broker. */
    static final int MAX = 64;

    /** Wakes due later stay in the store. */
    static final Duration HORIZON = Duration.ofMinutes(15);

    /**
     * Every step of the presets up to the horizon; some between them, so that any other wait takes three or four hops; and 885 s for wakes
     * promoted from the store, which are due up to ten seconds inside the horizon.
     */
    private static final int[] STANDARD_STEPS = {
        1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 35, 45, 60, 75, 90, 120, 155, 180, 240, 300, 450, 600, 885
    };

    /** A second hop starts a little late; a sum of two delays that leaves less than this would need a third hop. */
    private static final int HOP_SLACK_MILLIS = 30;

    private final TreeSet<Integer> wanted = new TreeSet<>();
    private volatile int[] usable = {};

    private DelayQueues() {
        wanted.add(SMALLEST_MILLIS);
    }

    /** The standard delays. */
    static DelayQueues standard() {
        return ofSteps(
                Arrays.stream(STANDARD_STEPS).mapToObj(Duration::ofSeconds).toList());
    }

    /** The delays for these steps, and the smallest. */
    static DelayQueues ofSteps(Collection<Duration> steps) {
        DelayQueues delays = new DelayQueues();
        delays.add(steps);
        delays.use(delays.wanted());
        return delays;
    }

    /**
     * Adds delays that match these steps exactly while there is room; other waits take several hops. Steps beyond the horizon need none.
     *
     * @return whether a delay was added: declare its queue, then use it
     */
    synchronized boolean add(Collection<Duration> steps) {
        boolean added = false;
        for (Duration step : steps) {
            long delay = step.toMillis() - LEAD_MILLIS;
            if (delay > SMALLEST_MILLIS && step.compareTo(HORIZON) <= 0 && wanted.size() < MAX) {
                added |= wanted.add((int) delay);
            }
        }
        return added;
    }

    /** All delays that need a queue, ascending. */
    synchronized List<Integer> wanted() {
        return List.copyOf(wanted);
    }

    /** Uses these delays from now on; their queues are declared. */
    void use(List<Integer> ascending) {
        usable = ascending.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The delays in use, ascending. */
    List<Integer> list() {
        return Arrays.stream(usable).boxed().toList();
    }

    /**
     * The next delay, or 0 if the remaining time is short enough to wait in the process. Never more than the remaining time. Prefers the
     * delay that leaves the least to wait in the process after it or after one more hop; otherwise the largest.
     */
    int next(long remainingMillis) {
        return next(usable, remainingMillis);
    }

    /**
     * Like {@link #next(long)}, without the avoided queues if another one fits. If none fits, a short wait happens in the process and a
     * long one takes an avoided queue.
     */
    int next(long remainingMillis, IntPredicate avoided) {
        int[] all = usable;
        int[] good = Arrays.stream(all).filter(avoided.negate()).toArray();
        if (good.length == all.length) {
            return next(all, remainingMillis);
        }
        if (good.length > 0 && good[0] <= remainingMillis) {
            return next(good, remainingMillis);
        }
        return remainingMillis <= IN_PROCESS_MAX_MILLIS ? 0 : next(all, remainingMillis);
    }

    private static int next(int[] all, long remainingMillis) {
        if (remainingMillis < SMALLEST_MILLIS) {
            return 0;
        }
        int largest = largestUpTo(all, remainingMillis);
        if (remainingMillis - all[largest] < SMALLEST_MILLIS) {
            return all[largest];
        }
        for (int first = largest; first >= 0; first--) {
            long rest = remainingMillis - all[first] - HOP_SLACK_MILLIS;
            if (rest >= SMALLEST_MILLIS) {
                int second = largestUpTo(all, rest);
                if (second <= first && rest - all[second] < SMALLEST_MILLIS - HOP_SLACK_MILLIS) {
                    return all[first];
                }
            }
        }
        return all[largest];
    }

    private static int largestUpTo(int[] ascending, long limit) {
        int found = Arrays.binarySearch(ascending, (int) Math.min(limit, Integer.MAX_VALUE));
        return found >= 0 ? found : -found - 2;
    }
}
