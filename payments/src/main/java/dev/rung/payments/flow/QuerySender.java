package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.PaymentId;
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
    private final CompensatingQuery.Context context;
    private final Timer timer;
    private final Executor executor;
    private final Consumer<RuntimeException> defects;

    QuerySender(CompensatingQuery.Context context, EngineRuntime runtime, Consumer<RuntimeException> defects) {
        this.context = context;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
        this.defects = defects;
    }

    @Override
    public CompletionStage<Result> send(Request request) {
        PaymentId payment =
                PaymentId.parse(Objects.requireNonNull(request.content().orderNo()));
        CompensatingQuery query = new CompensatingQuery(context, payment);
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

    @Override
    public void close() {}
}
