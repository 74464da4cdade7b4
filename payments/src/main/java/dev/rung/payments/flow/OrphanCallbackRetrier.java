package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Stray;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Looks again at callbacks of orders that were unknown when they came: a callback may overtake the commit of its own order. Thread-safe.
 *
 * <p>Those of the last hour are looked at every minute; what is unknown for longer stays a discrepancy.
 */
final class OrphanCallbackRetrier {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration WORTH_LOOKING = Duration.ofHours(1);
    private static final int PAGE = 100;

    private final PaymentStore store;
    private final Channels channels;
    private final EvidenceApplier results;
    private final Deliveries deliveries;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final Consumer<RuntimeException> defects;
    private volatile boolean stopped;

    OrphanCallbackRetrier(
            Payments.Ports ports,
            Channels channels,
            EvidenceApplier results,
            Deliveries deliveries,
            Consumer<RuntimeException> defects) {
        this.store = ports.store();
        this.channels = channels;
        this.results = results;
        this.deliveries = deliveries;
        this.timer = ports.timer();
        this.executor = ports.executor();
        this.clock = ports.clock();
        this.defects = defects;
    }

    void start() {
        timer.after(
                EVERY,
                () -> executor.execute(() -> {
                    if (!stopped) {
                        lookAtAll();
                        start();
                    }
                }));
    }

    void stop() {
        stopped = true;
    }

    /** One has just come: its order may be about to be committed. */
    void lookSoon() {
        timer.after(SOON, () -> executor.execute(this::lookAtAll));
    }

    private void lookAtAll() {
        try {
            long after = Ids.first(clock.millis() - WORTH_LOOKING.toMillis());
            List<Stray> page;
            do {
                page = store.strays(after, PAGE);
                for (Stray stray : page) {
                    lookAt(stray.callback(), stray.finding());
                    after = stray.callback().id();
                }
            } while (page.size() == PAGE);
        } catch (StoreException e) {
            // The store is away: in a minute again.
            return;
        } catch (RuntimeException e) {
            defects.accept(e);
        }
    }

    private void lookAt(StoredCallback callback, StoredDiscrepancy finding) {
        Optional<Payment> found = Callbacks.find(store, finding.channel(), finding.subject());
        GuardedChannel channel = channels.find(callback.channel());
        if (found.isEmpty() || channel == null) {
            return;
        }
        Payment payment = found.get();
        switch (channel.plain().readCallback(request(callback))) {
            case PaymentChannel.Callback.Genuine(String orderNo, var evidence) ->
                results.apply(payment, PaymentUpdate.calledBack(evidence, callback));
            // Its signature was good when it came and is too old by now: the channel is asked instead.
            case PaymentChannel.Callback.Unverified(String reason) -> {
                if (!payment.state().isFinal()) {
                    deliveries.makeDueNow(payment.queryId());
                }
            }
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        store.resolve(
                finding.id(),
                new StoredDiscrepancy.Resolution(
                        "the callback had overtaken its order, which is known now", "rung", now));
    }

    private static CallbackRequest request(StoredCallback callback) {
        return new CallbackRequest(CallbackHeaders.parse(callback.headers()), null, callback.body());
    }
}
