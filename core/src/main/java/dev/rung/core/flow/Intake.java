package dev.rung.core.flow;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Accepts notifications: assigns ids, stores those that arrive at the same time in one commit, and only then confirms them and passes them to
 * the dispatcher. The number and the bytes of waiting notifications are bounded. Thread-safe.
 */
final class Intake {
    private static final int ACCEPT_BATCH = 512;
    private static final int OTHER_IDS_MAX = 3;

    private final EngineRuntime runtime;
    private final Ids ids;
    private final EngineLimits limits;
    private final WakeScheduler wakes;
    private final MerchantDirectory merchants;
    private final Dispatcher dispatcher;
    private final FlowListener listener;
    private final Batcher<NewNotification, Acceptance> acceptances;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong pendingBytes = new AtomicLong();

    Intake(
            NotificationStore store,
            EngineRuntime runtime,
            EngineLimits limits,
            Ids ids,
            WakeScheduler wakes,
            MerchantDirectory merchants,
            Dispatcher dispatcher,
            FlowListener listener) {
        this.runtime = runtime;
        this.ids = ids;
        this.limits = limits;
        this.wakes = wakes;
        this.merchants = merchants;
        this.dispatcher = dispatcher;
        this.listener = listener;
        this.acceptances = new Batcher<>(
                ACCEPT_BATCH,
                limits.storeLanes(),
                runtime.executor(),
                store::accept,
                e -> listener.on(new FlowEvent.Defect(e)));
    }

    /** See {@link Engine#accept}. */
    CompletionStage<Acceptance> accept(NotificationRequest request) {
        reserve(request.payload().length);
        CompletableFuture<Acceptance> answer = new CompletableFuture<>();
        store(request, answer, 0);
        return answer;
    }

    private void store(NotificationRequest request, CompletableFuture<Acceptance> answer, int otherIds) {
        NewNotification notification = prepare(request);
        acceptances.submit(notification, new Batcher.Done<>() {
            @Override
            public void succeeded(Acceptance acceptance) {
                release(request.payload().length);
                // Confirmed first, so that the producer does not wait for the dispatcher.
                answer.complete(acceptance);
                if (acceptance instanceof Acceptance.Stored) {
                    committed(notification);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                if (cause instanceof StoreException e && e.isIdTaken() && otherIds < OTHER_IDS_MAX) {
                    ids.redraw();
                    store(request, answer, otherIds + 1);
                } else {
                    release(request.payload().length);
                    answer.completeExceptionally(cause);
                }
            }
        });
    }

    /** See {@link NotificationOutbox#committed}. */
    void committed(NewNotification notification) {
        listener.on(new FlowEvent.Accepted(notification));
        dispatcher.stored(notification);
    }

    /** See {@link NotificationOutbox#prepare}. */
    NewNotification prepare(NotificationRequest request) {
        long now = runtime.now();
        long dueAt = request.deliverAt() == null ? now : Math.max(now, request.deliverAt());
        return new NewNotification(
                new NotificationId(ids.next(request.merchantId())),
                request.merchantId(),
                request.channel(),
                content(request),
                request.payload(),
                request.ladder(),
                request.ladderName(),
                request.ordered(),
                request.urgent(),
                dueAt,
                wakes.locationFor(dueAt, now),
                request.idempotency());
    }

    private Delivery.Content content(NotificationRequest request) {
        String own = request.url();
        String url = own == null ? urlOf(request.merchantId()) : own;
        return new Delivery.Content(url, own != null, request.orderNo(), request.eventType(), request.createdAt());
    }

    /** Empty if the merchant has none: attempts are refused until it has one. */
    private String urlOf(MerchantId id) {
        Merchant merchant = merchants.find(id);
        String url = merchant == null ? null : merchant.receiver().url();
        return url == null ? "" : url;
    }

    private void reserve(int bytes) {
        int count = pending.incrementAndGet();
        long total = pendingBytes.addAndGet(bytes);
        if (count > limits.intakeQueue() || total > limits.intakeBytes()) {
            release(bytes);
            throw new Overloaded("too many notifications are waiting to be stored; try again in a second");
        }
    }

    private void release(int bytes) {
        pending.decrementAndGet();
        pendingBytes.addAndGet(-bytes);
    }
}
