package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.OrphanCallback;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Retries callbacks of orders that were unknown when they arrived, because a callback may arrive before the commit of its own order. Thread-safe.
 *
 * <p>Callbacks of the last hour are retried every minute. An order that is unknown for longer remains a discrepancy.
 */
final class OrphanCallbackRetrier {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration RETRIED_FOR = Duration.ofHours(1);
    private static final int PAGE = 100;

    private final PaymentStore store;
    private final Channels channels;
    private final CallbackApplier callbackApplier;
    private final NotificationOutbox outbox;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final Consumer<RuntimeException> defects;
    private volatile boolean stopped;

    OrphanCallbackRetrier(
            PaymentStore store,
            EngineRuntime runtime,
            Channels channels,
            CallbackApplier callbackApplier,
            NotificationOutbox outbox,
            Consumer<RuntimeException> defects) {
        this.store = store;
        this.channels = channels;
        this.callbackApplier = callbackApplier;
        this.outbox = outbox;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
        this.clock = runtime.clock();
        this.defects = defects;
    }

    void start() {
        timer.after(
                EVERY,
                () -> executor.execute(() -> {
                    if (!stopped) {
                        retryAll();
                        start();
                    }
                }));
    }

    void stop() {
        stopped = true;
    }

    /** Retries a callback of an unknown order shortly after it has arrived; nothing if an equal one was stored before. */
    void retrySoon(long callback) {
        timer.after(
                SOON,
                () -> executor.execute(() -> guarded(() -> store.orphans(callback - 1, 1).stream()
                        .filter(orphan -> orphan.callback().id() == callback)
                        .forEach(orphan -> retry(orphan.callback(), orphan.discrepancy())))));
    }

    /** One run at a time: the next begins a while after the last. */
    private void retryAll() {
        guarded(() -> {
            long after = Ids.first(clock.millis() - RETRIED_FOR.toMillis());
            List<OrphanCallback> page;
            do {
                page = store.orphans(after, PAGE);
                for (OrphanCallback orphan : page) {
                    retry(orphan.callback(), orphan.discrepancy());
                    after = orphan.callback().id();
                }
            } while (page.size() == PAGE);
        });
    }

    private void guarded(Runnable retries) {
        try {
            retries.run();
        } catch (StoreException e) {
            // The store is unavailable: retried in a minute.
            return;
        } catch (RuntimeException e) {
            defects.accept(e);
        }
    }

    private void retry(StoredCallback callback, StoredDiscrepancy finding) {
        String orderNo = finding.subject().split(" ", 2)[0];
        Optional<Payment> found = OrderLookup.findByAnyNumber(store, finding.channel(), orderNo);
        GuardedChannel channel = channels.find(callback.channel());
        if (found.isEmpty() || channel == null) {
            return;
        }
        Payment payment = found.get();
        boolean known = switch (channel.unguarded().readCallback(request(callback))) {
            case PaymentChannel.Callback.Verified genuine -> callbackApplier.apply(channel, genuine, callback);
            case PaymentChannel.Callback.VerifiedRefund genuine -> callbackApplier.apply(channel, genuine, callback);
            case PaymentChannel.Callback.Irrelevant() -> false;
            // Its signature was valid on arrival and has expired since: the channel is queried instead.
            case PaymentChannel.Callback.Unverified(String reason) -> {
                if (!payment.state().isFinal()) {
                    outbox.makeDueNow(payment.queryId());
                }
                yield finding.subject().equals(orderNo);
            }
        };
        if (!known) {
            return;
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        store.resolve(
                finding.id(),
                new StoredDiscrepancy.Resolution(
                        "the callback arrived before its order was stored; it has been applied", "rung", now));
    }

    private static CallbackRequest request(StoredCallback callback) {
        return new CallbackRequest(CallbackHeaders.parse(callback.headers()), null, callback.body());
    }
}
