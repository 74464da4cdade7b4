package dev.rung.payments.flow;

import dev.rung.core.flow.Batcher;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes payments and changes: one per transaction, or batched with those of other threads. Both methods block until the item is durable. */
interface PaymentWriter {
    CreateResult create(NewPayment payment);

    /** Writes a change; false if the payment has changed meanwhile and nothing is written. */
    boolean change(Change change);

    /** Writes each item in its own transaction. */
    static PaymentWriter unbatched(PaymentStore store) {
        return new PaymentWriter() {
            @Override
            public CreateResult create(NewPayment payment) {
                return store.create(List.of(payment)).getFirst();
            }

            @Override
            public boolean change(Change change) {
                return store.change(List.of(change)).getFirst();
            }
        };
    }

    /**
     * Writes batches: items that arrive while a batch is written form the next one.
     *
     * @param lanes batches written at the same time; one if the store has one writer
     */
    static PaymentWriter batched(PaymentStore store, Executor executor, int lanes, Consumer<RuntimeException> defects) {
        int batchMax = 256;
        Batcher<NewPayment, CreateResult> creates = new Batcher<>(batchMax, lanes, executor, store::create, defects);
        Batcher<Change, Boolean> changes =
                new Batcher<>(batchMax, lanes, executor, batch -> changeEach(store, batch), defects);
        return new PaymentWriter() {
            @Override
            public CreateResult create(NewPayment payment) {
                return await(payment, creates::submit);
            }

            @Override
            public boolean change(Change change) {
                return await(change, changes::submit);
            }
        };
    }

    private static <T, R> R await(T item, BiConsumer<T, Batcher.Done<R>> submit) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        submit.accept(item, new Batcher.Done<>() {
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

    /** A batch must contain a payment at most once: of several changes to one payment, only the first is written. */
    private static List<Boolean> changeEach(PaymentStore store, List<Change> batch) {
        Set<PaymentId> named = new HashSet<>();
        List<Boolean> isFirst =
                batch.stream().map(c -> named.add(c.before().id())).toList();
        List<Change> first = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (isFirst.get(i)) {
                first.add(batch.get(i));
            }
        }
        Iterator<Boolean> written = store.change(first).iterator();
        return isFirst.stream().map(it -> it && written.next()).toList();
    }
}
