package dev.rung.core.flow;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.EventId;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
    private final MerchantCache merchants;
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
            MerchantCache merchants,
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
        CompletableFuture<Acceptance> answer = new CompletableFuture<>();
        store(request, answer, 0);
        return answer;
    }

    private void store(NotificationRequest request, CompletableFuture<Acceptance> answer, int otherIds) {
        NewNotification notification = prepare(request);
        if (notification == null) {
            throw new NoReceiver();
        }
        // The payload is written once for each receiver.
        int bytes = request.payload().length * (1 + notification.also().size());
        reserve(bytes);
        acceptances.submit(notification, new Batcher.Done<>() {
            @Override
            public void succeeded(Acceptance acceptance) {
                release(bytes);
                // Confirmed first, so that the producer does not wait for the dispatcher.
                answer.complete(acceptance);
                if (acceptance instanceof Acceptance.Stored) {
                    committed(notification);
                }
            }

            @Override
            public void failed(RuntimeException cause) {
                release(bytes);
                if (cause instanceof StoreException e && e.isIdTaken() && otherIds < OTHER_IDS_MAX) {
                    storeAgain(request, answer, otherIds + 1);
                } else {
                    answer.completeExceptionally(cause);
                }
            }
        });
    }

    private void storeAgain(NotificationRequest request, CompletableFuture<Acceptance> answer, int otherIds) {
        ids.redraw();
        try {
            store(request, answer, otherIds);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** See {@link NotificationOutbox#committed}. */
    void committed(NewNotification notification) {
        listener.on(new FlowEvent.Accepted(notification));
        dispatcher.stored(notification);
        notification.also().forEach(this::committed);
    }

    /** See {@link NotificationOutbox#prepareQuery}. */
    NewNotification prepareQuery(NotificationRequest query) {
        NotificationId id = new NotificationId(ids.next(query.merchantId()));
        Delivery.Content content = new Delivery.Content(
                Objects.requireNonNullElse(query.url(), ""),
                query.url() != null,
                query.orderNo(),
                query.eventType(),
                null,
                query.createdAt(),
                query.trace());
        return prepared(
                query, id, ReceiverId.own(query.merchantId()), content, query.ladder(), query.ladderName(), List.of());
    }

    /** See {@link NotificationOutbox#prepare}. */
    @Nullable NewNotification prepare(NotificationRequest request) {
        Merchant merchant = merchants.get(request.merchantId());
        if (merchant == null) {
            return null;
        }
        List<ReceiverId> to = receivers(request, merchant);
        if (to.isEmpty()) {
            return null;
        }
        NotificationId first = new NotificationId(ids.next(request.merchantId()));
        List<NewNotification> also = new ArrayList<>(to.size() - 1);
        for (ReceiverId receiver : to.subList(1, to.size())) {
            NotificationId id = new NotificationId(ids.next(request.merchantId()));
            also.add(addressed(request, merchant, receiver, id, EventId.of(first), List.of()));
        }
        return addressed(request, merchant, to.getFirst(), first, null, List.copyOf(also));
    }

    private static List<ReceiverId> receivers(NotificationRequest request, Merchant merchant) {
        ReceiverId only = request.only();
        if (only == null) {
            return merchant.receivers(request.url() != null, request.eventType());
        }
        return merchant.receiver(only) == null ? List.of() : List.of(only);
    }

    private NewNotification addressed(
            NotificationRequest request,
            Merchant merchant,
            ReceiverId to,
            NotificationId id,
            @Nullable EventId event,
            List<NewNotification> also) {
        Receiver receiver = Objects.requireNonNull(merchant.receiver(to), "one of its receivers");
        String url = to.endpoint() == null ? request.url() : null;
        Delivery.Content content = new Delivery.Content(
                Objects.requireNonNullElse(url == null ? receiver.url() : url, ""),
                url != null,
                request.orderNo(),
                request.eventType(),
                event,
                request.createdAt(),
                request.trace());
        boolean ownLadder = to.endpoint() != null && !request.ladderForAll();
        return prepared(
                request,
                id,
                to,
                content,
                ownLadder ? merchants.ladder(receiver.ladder()) : request.ladder(),
                ownLadder ? receiver.ladder().nameOrNull() : request.ladderName(),
                also);
    }

    private NewNotification prepared(
            NotificationRequest request,
            NotificationId id,
            ReceiverId receiver,
            Delivery.Content content,
            Ladder ladder,
            @Nullable String ladderName,
            List<NewNotification> also) {
        long now = runtime.now();
        long dueAt = request.deliverAt() == null ? now : Math.max(now, request.deliverAt());
        return new NewNotification(
                id,
                receiver,
                request.channel(),
                content,
                request.payload(),
                ladder,
                ladderName,
                request.ordered(),
                request.urgent(),
                dueAt,
                wakes.locationFor(dueAt, now),
                content.event() == null ? request.idempotency() : null,
                also);
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
