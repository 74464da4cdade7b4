package dev.rung.payments.flow;

import dev.rung.core.flow.Batcher;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Writes payments, refunds and changes: one per transaction, or batched with those of other threads. All methods block until the item is durable. */
interface PaymentWriter {
    CreateResult create(NewPayment payment);

    /** Writes a change; false if the payment has changed meanwhile and nothing is written. */
    boolean change(Change change);

    RefundStore.CreateResult create(NewRefund refund);

    /** Writes a change of a refund; false if the refund has changed meanwhile and nothing is written. */
    boolean change(RefundStore.Change change);

    /** Writes each item by itself: with a store that commits waiting writes together, a batch would only wait for the one before. */
    static PaymentWriter unbatched(PaymentStore store, RefundStore refunds) {
        return new PaymentWriter() {
            @Override
            public CreateResult create(NewPayment payment) {
                return store.create(List.of(payment)).getFirst();
            }

            @Override
            public boolean change(Change change) {
                return store.change(List.of(change)).getFirst();
            }

            @Override
            public RefundStore.CreateResult create(NewRefund refund) {
                return refunds.create(refund);
            }

            @Override
            public boolean change(RefundStore.Change change) {
                return refunds.change(change);
            }
        };
    }

    /**
     * Writes batches: items that arrive while a batch is written form the next one.
     *
     * @param lanes batches of one kind written at the same time
     */
    static PaymentWriter batched(
            PaymentStore store, RefundStore refunds, Executor executor, int lanes, Consumer<RuntimeException> defects) {
        int batchMax = 256;
        Batcher<NewPayment, CreateResult> creates = new Batcher<>(batchMax, lanes, executor, store::create, defects);
        Batcher<Change, Boolean> changes =
                new Batcher<>(batchMax, lanes, executor, batch -> changeEach(store, batch), defects);
        Batcher<NewRefund, RefundStore.CreateResult> refundCreates =
                new Batcher<>(batchMax, lanes, executor, refunds::create, defects);
        Batcher<RefundStore.Change, Boolean> refundChanges =
                new Batcher<>(batchMax, lanes, executor, refunds::change, defects);
        return new PaymentWriter() {
            @Override
            public CreateResult create(NewPayment payment) {
                return creates.await(payment);
            }

            @Override
            public boolean change(Change change) {
                return changes.await(change);
            }

            @Override
            public RefundStore.CreateResult create(NewRefund refund) {
                return refundCreates.await(refund);
            }

            @Override
            public boolean change(RefundStore.Change change) {
                return refundChanges.await(change);
            }
        };
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
