package dev.rung.payments.flow;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A channel whose bugs are no evidence, and which no crowd of callers can hold on to. Thread-safe. */
final class CarefulChannel {
    /** Calls under way at once on behalf of whoever waits for an answer. Those of the compensating query have the bulkheads. */
    private static final int CALLS_MAX = 256;

    private final PaymentChannel channel;
    private final Consumer<RuntimeException> defects;
    private final Semaphore calls = new Semaphore(CALLS_MAX);

    CarefulChannel(PaymentChannel channel, Consumer<RuntimeException> defects) {
        this.channel = channel;
        this.defects = defects;
    }

    /** For what calls no gateway. */
    PaymentChannel plain() {
        return channel;
    }

    /** Makes a call for somebody who waits; empty if too many are under way: nothing is known then, and the compensating query goes on. */
    <T> Optional<T> forCaller(Supplier<T> call) {
        if (!calls.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(call.get());
        } finally {
            calls.release();
        }
    }

    Placement place(Payment payment) {
        try {
            return channel.place(payment);
        } catch (RuntimeException e) {
            defects.accept(e);
            return new Placement.Unclear("an internal error");
        }
    }

    Exchange query(Payment payment) {
        return exchange(() -> channel.query(payment));
    }

    Exchange close(Payment payment) {
        return exchange(() -> channel.close(payment));
    }

    private Exchange exchange(Supplier<Exchange> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            defects.accept(e);
            return new Exchange(new Evidence.Unknown("an internal error"), 0, null);
        }
    }
}
