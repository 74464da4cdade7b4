package dev.rung.core.flow;

import dev.rung.core.port.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Processes items in batches. Items that arrive while a batch is processed form the next one, up to a maximum size; an item on an idle system
 * is not delayed. Thread-safe.
 *
 * <p>The number of gathered items is not limited here. The callers limit it: by slots, by a prefetch, by {@link Engine#accept}'s limits, or by
 * the number of waiting requests.
 *
 * @param <T> an item
 * @param <R> its result; the work returns one per item, in order
 */
public final class Batcher<T, R extends @Nullable Object> {
    /** After this many failures in a row the items are not the cause: the other items fail without an attempt. */
    private static final int FAILURES_IN_A_ROW_MAX = 3;

    /** Receives the result of an item: exactly one of the two methods is called, once. */
    public interface Done<R extends @Nullable Object> {
        void succeeded(R result);

        void failed(RuntimeException cause);
    }

    private record Entry<T, R extends @Nullable Object>(T item, Done<R> done) {}

    private final int batchMax;
    private final int lanesMax;
    private final Executor executor;
    private final Function<List<T>, List<R>> work;
    private final Consumer<RuntimeException> defects;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry<T, R>> gathered = new ArrayDeque<>();
    private int lanes;

    /**
     * @param lanesMax batches processed at the same time; one if the store has one writer
     * @param defects receives exceptions thrown by a {@link Done}, which are bugs
     */
    public Batcher(
            int batchMax,
            int lanesMax,
            Executor executor,
            Function<List<T>, List<R>> work,
            Consumer<RuntimeException> defects) {
        this.batchMax = batchMax;
        this.lanesMax = lanesMax;
        this.executor = executor;
        this.work = work;
        this.defects = defects;
    }

    /** Adds an item. Returns at once; if the executor rejects work, the item fails with a {@link StoreException}. */
    public void submit(T item, Done<R> done) {
        boolean begin = false;
        lock.lock();
        try {
            gathered.add(new Entry<>(item, done));
            if (lanes < lanesMax) {
                lanes++;
                begin = true;
            }
        } finally {
            lock.unlock();
        }
        if (begin) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                refuse(new StoreException("the server is stopping", e));
            }
        }
    }

    /** Adds an item and blocks until its batch is processed. Throws what the work threw. */
    public R await(T item) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        submit(item, new Done<>() {
            @Override
            public void succeeded(R result) {
                answer.complete(result);
            }

            @Override
            public void failed(RuntimeException cause) {
                answer.completeExceptionally(cause);
            }
        });
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** No lane can start any more: the gathered items fail. */
    private void refuse(StoreException cause) {
        for (List<Entry<T, R>> batch = take(); !batch.isEmpty(); batch = take()) {
            batch.forEach(entry -> failed(entry, cause));
        }
    }

    private void drain() {
        for (List<Entry<T, R>> batch = take(); !batch.isEmpty(); batch = take()) {
            attempt(batch);
        }
    }

    /** The next batch; an empty one ends this lane. */
    private List<Entry<T, R>> take() {
        lock.lock();
        try {
            int n = Math.min(batchMax, gathered.size());
            List<Entry<T, R>> batch = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                batch.add(gathered.remove());
            }
            if (n == 0) {
                lanes--;
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void attempt(List<Entry<T, R>> batch) {
        List<R> results;
        try {
            results = process(items(batch));
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                failed(batch.getFirst(), e);
            } else {
                attemptOneByOne(batch);
            }
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            succeeded(batch.get(i), results.get(i));
        }
    }

    private List<R> process(List<T> items) {
        List<R> results = work.apply(items);
        if (results.size() != items.size()) {
            throw new IllegalStateException(results.size() + " results were returned for " + items.size() + " items");
        }
        return results;
    }

    /** One failing item must not fail the others. */
    private void attemptOneByOne(List<Entry<T, R>> batch) {
        int failuresInARow = 0;
        @Nullable RuntimeException last = null;
        for (Entry<T, R> entry : batch) {
            if (last != null && failuresInARow >= FAILURES_IN_A_ROW_MAX) {
                failed(entry, last);
                continue;
            }
            R result;
            try {
                result = process(List.of(entry.item())).getFirst();
            } catch (RuntimeException e) {
                failuresInARow++;
                last = e;
                failed(entry, e);
                continue;
            }
            failuresInARow = 0;
            succeeded(entry, result);
        }
    }

    private void succeeded(Entry<T, R> entry, R result) {
        try {
            entry.done().succeeded(result);
        } catch (RuntimeException e) {
            defects.accept(e);
        }
    }

    private void failed(Entry<T, R> entry, RuntimeException cause) {
        try {
            entry.done().failed(cause);
        } catch (RuntimeException e) {
            defects.accept(e);
        }
    }

    private static <T, R extends @Nullable Object> List<T> items(List<Entry<T, R>> batch) {
        List<T> items = new ArrayList<>(batch.size());
        for (Entry<T, R> entry : batch) {
            items.add(entry.item());
        }
        return items;
    }
}
