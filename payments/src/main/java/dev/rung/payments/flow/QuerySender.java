package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.model.Delivery;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.RefundId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The sender of compensating queries. The engine schedules, limits and records them like attempts of notifications. Thread-safe.
 *
 * <p>The channel's answer is applied to the payment before the attempt ends. At the deadline the attempt ends without the answer, which is still
 * applied when it arrives.
 */
final class QuerySender implements Sender {
    /** The event type of a refund's query; a payment's have {@code payment.query}. */
    static final String REFUND_QUERY = "refund.query";

    private final CompensatingQuery.Context context;
    private final CompensatingRefundQuery.Context refunds;
    private final Timer timer;
    private final Executor executor;
    private final Consumer<RuntimeException> defects;

    QuerySender(
            CompensatingQuery.Context context,
            CompensatingRefundQuery.Context refunds,
            EngineRuntime runtime,
            Consumer<RuntimeException> defects) {
        this.context = context;
        this.refunds = refunds;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
        this.defects = defects;
    }

    @Override
    public CompletionStage<Result> send(Request request) {
        ChannelQuery query = query(request.content());
        CompletableFuture<Result> result = new CompletableFuture<>();
        Timer.Cancellable deadline = timer.after(DEADLINE, () -> result.complete(query.overdue()));
        executor.execute(() -> {
            Result made;
            try {
                made = query.make();
            } catch (RuntimeException e) {
                defects.accept(e);
                made = query.failed("an internal error");
            }
            deadline.cancel();
            result.complete(made);
        });
        return result;
    }

    private ChannelQuery query(Delivery.Content content) {
        String id = Objects.requireNonNull(content.orderNo());
        return REFUND_QUERY.equals(content.eventType())
                ? new CompensatingRefundQuery(refunds, RefundId.parse(id))
                : new CompensatingQuery(context, PaymentId.parse(id));
    }

    @Override
    public void close() {}
}
