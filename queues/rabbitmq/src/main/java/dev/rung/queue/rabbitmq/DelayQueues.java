package dev.rung.queue.rabbitmq;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The delays there are queues for, and which of them a wake takes next. Thread-safe.
 *
 * <p>A queue for a step of a ladder lets go {@link #LEAD_MILLIS} before the step is over. By the time a wake is published some of
 * its wait is gone already (the settlement was written meanwhile), and RabbitMQ is late by some more; a queue of exactly the
 * step would deliver that much late. What the lead leaves over is waited for in the process, to the millisecond.
 */
final class DelayQueues {
    /** What settling, publishing and RabbitMQ may take together without making an attempt late. */
    static final int LEAD_MILLIS = 250;

    /** Waits shorter than this are waited for in the process: the lead and what a sum of two delays leaves over fit in. */
    static final int SMALLEST_MILLIS = 500;

    /** Where no delay queue moves, at most so much is waited for in the process. */
    static final int IN_PROCESS_MAX_MILLIS = 15_000;

    /** Queues of delays in all: each is a Raft group in the broker. */
    static final int MAX = 64;

    /** What is due later stays in the store. */
    static final Duration HORIZON = Duration.ofMinutes(15);

    /**
     * Every step of the presets up to the horizon; some between them, so that any other wait takes three or four hops; and
     * 885 s, on which what is brought near from the store, up to ten seconds inside the horizon, goes most of its way.
     */
    private static final int[] STANDARD_STEPS = {
        1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 35, 45, 60, 75, 90, 120, 155, 180, 240, 300, 450, 600, 885
    };

    /** A second hop begins a little late; a sum of two delays that leaves less than this would need a third. */
    private static final int HOP_SLACK_MILLIS = 30;

    private final TreeSet<Integer> wanted = new TreeSet<>();
    private volatile int[] usable = {};

    private DelayQueues() {
        wanted.add(SMALLEST_MILLIS);
    }

    /** The standard ones. */
    static DelayQueues standard() {
        return ofSteps(
                Arrays.stream(STANDARD_STEPS).mapToObj(Duration::ofSeconds).toList());
    }

    /** Those of these steps, and the smallest. */
    static DelayQueues ofSteps(Collection<Duration> steps) {
        DelayQueues delays = new DelayQueues();
        delays.add(steps);
        delays.use(delays.wanted());
        return delays;
    }

    /**
     * Adds delays that serve these steps exactly, as long as there is room; what finds none goes in several hops. Steps beyond the horizon need
     * none.
     *
     * @return whether there is one that was not there before: to be declared, then used
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

    /** All that there should be queues for, ascending. */
    synchronized List<Integer> wanted() {
        return List.copyOf(wanted);
    }

    /** From now on wakes go through these: there are queues for them. */
    void use(List<Integer> ascending) {
        usable = ascending.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Those in use, ascending. */
    List<Integer> list() {
        return Arrays.stream(usable).boxed().toList();
    }

    /**
     * The delay to take next, or 0 if so little is left that it is waited for in the process. Never more than what is left; the one
     * that leaves least to wait in the process after it, or after one more, else the largest.
     */
    int next(long remainingMillis) {
        return next(usable, remainingMillis);
    }

    /**
     * As {@link #next(long)}, without those to be avoided as long as others will do. Where none does, a short wait takes none, and is waited for in the
     * process; a long one takes what there is.
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
