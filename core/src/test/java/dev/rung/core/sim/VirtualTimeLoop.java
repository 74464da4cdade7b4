package dev.rung.core.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The event loop: virtual time and all events, on one thread. Events of the same time run in random order, as they
 * would on many threads.
 */
final class VirtualTimeLoop {
    private static final int SLEEPERS_MAX = 4;

    private record Event(long at, int lot, long sequence, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            if (at != other.at) {
                return at < other.at ? -1 : 1;
            }
            return lot != other.lot ? Integer.compare(lot, other.lot) : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final RandomGenerator random;
    private long now;
    private long sequence;
    private int sleepers;
    private boolean stopped;

    VirtualTimeLoop(long seed, long now) {
        this.random = new SplittableRandom(seed);
        this.now = now;
    }

    /** Epoch milliseconds. */
    long now() {
        return now;
    }

    RandomGenerator random() {
        return random;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** From 0 inclusive to the bound exclusive; 0 when the bound is 0. */
    int upTo(int bound) {
        return bound == 0 ? 0 : random.nextInt(bound);
    }

    void at(long time, Runnable what) {
        events.add(new Event(Math.max(now, time), random.nextInt(), sequence++, what));
    }

    void after(long millis, Runnable what) {
        at(now + millis, what);
    }

    void runUntil(long end) {
        while (!stopped) {
            Event next = events.peek();
            if (next == null || next.at() > end) {
                break;
            }
            events.remove();
            now = Math.max(now, next.at());
            next.what().run();
        }
        now = Math.max(now, end);
    }

    /**
     * Blocks the calling task while everything else continues. At most a few tasks sleep at once, others return
     * immediately, so that the stack stays small.
     */
    void sleep(long millis) {
        if (sleepers == SLEEPERS_MAX || stopped) {
            return;
        }
        sleepers++;
        try {
            runUntil(now + millis);
        } finally {
            sleepers--;
        }
    }

    /** Stops the loop. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
