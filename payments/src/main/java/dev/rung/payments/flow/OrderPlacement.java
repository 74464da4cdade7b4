package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores payments and places their orders at the channel. The payment and its compensating query are committed first, so that the query finds out
 * the state whatever happens to the placement. Thread-safe.
 */
final class OrderPlacement {
    /** A payment request is answered within this time, even if the channel is slow. */
    static final Duration ANSWERED_WITHIN = Duration.ofMillis(900);

    /** The same for a barcode payment, which is usually paid by then. */
    static final Duration CHARGE_ANSWERED_WITHIN = Duration.ofSeconds(5);

    private static final int OTHER_IDS_MAX = 3;

    private final PaymentWriter writer;
    private final Channels channels;
    private final EvidenceApplier evidenceApplier;
    private final NotificationOutbox outbox;
    private final QuerySchedule schedule;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;
    private final Consumer<RuntimeException> defects;

    OrderPlacement(
            EngineRuntime runtime,
            Ids ids,
            PaymentWriter writer,
            Channels channels,
            EvidenceApplier evidenceApplier,
            NotificationOutbox outbox,
            QuerySchedule schedule,
            PaymentsListener listener,
            Consumer<RuntimeException> defects) {
        this.writer = writer;
        this.channels = channels;
        this.evidenceApplier = evidenceApplier;
        this.outbox = outbox;
        this.schedule = schedule;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
        this.clock = runtime.clock();
        this.ids = ids;
        this.listener = listener;
        this.defects = defects;
    }

    /** See {@link Payments#place}. */
    CompletionStage<PlaceResult> place(PaymentRequest request) {
        for (int otherIds = 0; ; otherIds++) {
            NewPayment payment = prepare(request);
            try {
                return created(payment, writer.create(payment), request.authCode());
            } catch (StoreException e) {
                if (!e.isIdTaken() || otherIds == OTHER_IDS_MAX) {
                    throw e;
                }
                ids.redraw();
            }
        }
    }

    private NewPayment prepare(PaymentRequest request) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        PaymentId id = new PaymentId(ids.next(request.order().merchantId()));
        Instant expiresAt = now.plus(request.expiresIn());
        NewNotification query = outbox.prepareQuery(query(id, request.order(), now, expiresAt));
        // A charge that was begun may have been paid, whether it is answered or not.
        PaymentState state = request.authCode() == null ? PaymentState.CREATED : PaymentState.PAYING;
        Payment payment = new Payment(
                id,
                request.order(),
                query.id(),
                state,
                now,
                expiresAt,
                null,
                Payment.Access.NONE,
                null,
                null,
                Payment.Funds.NONE,
                1);
        PaymentEvent event = new PaymentEvent(
                ids.next(request.order().merchantId()),
                id,
                now,
                ChangeSource.MERCHANT,
                state,
                "payment requested",
                null);
        return new NewPayment(payment, request.digest(), query, event);
    }

    private NotificationRequest query(PaymentId id, Payment.Order order, Instant now, Instant expiresAt) {
        return new NotificationRequest(
                order.merchantId(),
                null,
                order.channel(),
                "channel:" + order.channel(),
                id.toString(),
                "payment.query",
                ("{\"payment_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8),
                schedule.ladder(),
                null,
                true,
                now.toEpochMilli(),
                schedule.first(now, expiresAt).toEpochMilli(),
                false,
                false,
                null,
                order.trace());
    }

    private CompletionStage<PlaceResult> created(NewPayment payment, CreateResult result, @Nullable String authCode) {
        return switch (result) {
            case CreateResult.Stored() -> {
                outbox.committed(payment.query());
                listener.on(new PaymentsEvent.Created(payment.payment()));
                yield placeAtChannel(payment.payment(), authCode);
            }
            case CreateResult.Repeated(Payment first) ->
                CompletableFuture.completedStage(new PlaceResult.Repeated(first));
            case CreateResult.Conflicting(Payment first) ->
                CompletableFuture.completedStage(new PlaceResult.Conflicting(first));
        };
    }

    private CompletionStage<PlaceResult> placeAtChannel(Payment payment, @Nullable String authCode) {
        CompletableFuture<PlaceResult> answer = new CompletableFuture<>();
        Timer.Cancellable deadline = timer.after(
                authCode == null ? ANSWERED_WITHIN : CHARGE_ANSWERED_WITHIN,
                () -> answer.complete(new PlaceResult.Accepted(payment)));
        executor.execute(() -> {
            Payment placed = payment;
            try {
                placed = authCode == null ? placeNow(payment) : chargeNow(payment, authCode);
            } catch (StoreException e) {
                // The payment and its query are stored: the query places the order again and finds out its state.
                placed = payment;
            } catch (RuntimeException e) {
                defects.accept(e);
            }
            deadline.cancel();
            answer.complete(new PlaceResult.Accepted(placed));
        });
        return answer;
    }

    private Payment placeNow(Payment payment) {
        GuardedChannel channel = channels.get(payment.order().channel());
        PaymentUpdate update = channel.callForRequest(() -> channel.place(payment))
                .orElseGet(() -> PaymentUpdate.unclear("too many orders are being placed at this channel"));
        return evidenceApplier.apply(payment, update);
    }

    private Payment chargeNow(Payment payment, String authCode) {
        GuardedChannel channel = channels.get(payment.order().channel());
        PaymentUpdate update = channel.callForRequest(() -> channel.charge(payment, authCode))
                .orElseGet(() -> PaymentUpdate.rejected("too many orders are being placed at this channel"));
        return evidenceApplier.apply(payment, update);
    }
}
