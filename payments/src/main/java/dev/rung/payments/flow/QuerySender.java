package dev.rung.payments.flow;

import dev.rung.core.port.Sender;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.PaymentId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes a compensating query, as the sender makes a notification's attempt: the engine wakes, bounds and records both alike. Thread-safe.
 *
 * <p>What it learns is applied to the payment before the attempt ends. A channel that takes longer than an attempt may is not waited for; what it says
 * later is applied all the same.
 */
final class QuerySender implements Sender {
    private final CompensatingQuery.Ports ports;
    private final Timer timer;
    private final Executor executor;
    private final Consumer<RuntimeException> defects;

    QuerySender(CompensatingQuery.Ports ports, Timer timer, Executor executor, Consumer<RuntimeException> defects) {
        this.ports = ports;
        this.timer = timer;
        this.executor = executor;
        this.defects = defects;
    }

    @Override
    public CompletionStage<Result> send(Request request) {
        PaymentId payment =
                PaymentId.parse(Objects.requireNonNull(request.content().orderNo()));
        CompensatingQuery query = new CompensatingQuery(ports, payment);
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
