package dev.rung.payments.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in virtual time, as if each had its own thread, but one at a time. Whenever a task yields, the next one is
 * drawn at random. One seed determines one interleaving.
 */
final class InterleavingScheduler implements TimeAndRandom {
    private final SplittableRandom random;
    private final List<Task> ready = new ArrayList<>();
    private final Set<Task> asleep = new HashSet<>();
    private final PriorityQueue<Event> later = new PriorityQueue<>();
    private final Semaphore back = new Semaphore(0);
    private @Nullable Task current;
    private @Nullable Throwable failure;
    private long now;
    private long events;
    private boolean over;

    /** Ends a task when the run is over. */
    private static final class Over extends Error {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the history is over", null, false, false);
        }
    }

    private record Event(long at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final class Task {
        final Semaphore turn = new Semaphore(0);
        final Thread thread;
        boolean begun;

        Task(Runnable body) {
            this.thread = Thread.ofVirtual().unstarted(() -> {
                turn.acquireUninterruptibly();
                try {
                    if (!over) {
                        body.run();
                    }
                } catch (Over ended) {
                    return;
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    back.release();
                }
            });
        }

        void go() {
            current = this;
            if (!begun) {
                begun = true;
                thread.start();
            }
            turn.release();
            back.acquireUninterruptibly();
        }
    }

    InterleavingScheduler(long seed, long now) {
        this.random = new SplittableRandom(seed);
        this.now = now;
    }

    @Override
    public long now() {
        return now;
    }

    SplittableRandom random() {
        return random;
    }

    @Override
    public boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    @Override
    public int upTo(int bound) {
        return bound == 0 ? 0 : random.nextInt(bound);
    }

    /** Starts a task that may run from now on. */
    void begin(Runnable body) {
        ready.add(new Task(body));
    }

    void beginAt(long at, Runnable body) {
        runAt(at, () -> begin(body));
    }

    @Override
    public void runAt(long at, Runnable what) {
        later.add(new Event(Math.max(now, at), events++, what));
    }

    /** Lets other tasks run first, at random. */
    void pause() {
        Task me = me();
        ready.add(me);
        yieldTurn(me);
    }

    @Override
    public void sleep(long millis) {
        Task me = me();
        asleep.add(me);
        runAt(now + millis, () -> {
            asleep.remove(me);
            ready.add(me);
        });
        yieldTurn(me);
    }

    private Task me() {
        Task me = current;
        if (me == null || me.thread != Thread.currentThread()) {
            throw new IllegalStateException("only a task that has its turn can give it away");
        }
        return me;
    }

    private void yieldTurn(Task me) {
        back.release();
        me.turn.acquireUninterruptibly();
        if (over) {
            throw new Over();
        }
    }

    /** Runs until no task is left, {@code done} is true, or {@code until} is reached. Throws what a task threw. */
    void run(long until, BooleanSupplier done) {
        while (failure == null && !done.getAsBoolean()) {
            if (!ready.isEmpty()) {
                draw().go();
                continue;
            }
            Event next = later.poll();
            if (next == null || next.at() > until) {
                break;
            }
            now = Math.max(now, next.at());
            next.what().run();
            while (!later.isEmpty() && later.peek().at() <= now) {
                later.remove().what().run();
            }
        }
        end();
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new AssertionError(failure);
        }
    }

    private Task draw() {
        int drawn = random.nextInt(ready.size());
        Task task = ready.get(drawn);
        ready.set(drawn, ready.getLast());
        ready.removeLast();
        return task;
    }

    private void end() {
        over = true;
        ready.addAll(asleep);
        for (Task task : ready) {
            if (task.begun) {
                task.go();
            }
        }
    }
}
