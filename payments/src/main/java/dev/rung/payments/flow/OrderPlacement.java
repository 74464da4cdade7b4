package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.flow.Payments.Placing;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Takes payments down and places them. The payment and its compensating query are committed first: whatever happens then, the query
 * finds out. Thread-safe.
 */
final class OrderPlacement {
    private static final int OTHER_IDS_MAX = 3;

    private final PaymentWriter commits;
    private final Channels channels;
    private final EvidenceApplier results;
    private final Deliveries deliveries;
    private final QuerySchedule schedule;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;
    private final Consumer<RuntimeException> defects;

    OrderPlacement(
            Payments.Ports ports,
            PaymentWriter commits,
            Channels channels,
            EvidenceApplier results,
            Deliveries deliveries,
            QuerySchedule schedule,
            PaymentsListener listener,
            Consumer<RuntimeException> defects) {
        this.commits = commits;
        this.channels = channels;
        this.results = results;
        this.deliveries = deliveries;
        this.schedule = schedule;
        this.timer = ports.timer();
        this.executor = ports.executor();
        this.clock = ports.clock();
        this.ids = ports.ids();
        this.listener = listener;
        this.defects = defects;
    }

    /** See {@link Payments#place}. */
    CompletionStage<Placing> place(Payments.Request request) {
        for (int otherIds = 0; ; otherIds++) {
            NewPayment payment = number(request);
            try {
                return taken(payment, commits.create(payment));
            } catch (StoreException e) {
                if (!e.isIdTaken() || otherIds == OTHER_IDS_MAX) {
                    throw e;
                }
                ids.redraw();
            }
        }
    }

    private NewPayment number(Payments.Request request) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        PaymentId id = new PaymentId(ids.next());
        Instant expiresAt = now.plus(request.expiresIn());
        NewNotification query = deliveries.number(query(id, request.order().channel(), now, expiresAt));
        Payment payment = new Payment(
                id, request.order(), query.id(), PaymentState.CREATED, now, expiresAt, null, null, null, null, 1);
        PaymentEvent event =
                new PaymentEvent(ids.next(), id, now, ChangeSource.MERCHANT, PaymentState.CREATED, "asked for", null);
        return new NewPayment(payment, request.digest(), query, event);
    }

    private NotificationRequest query(PaymentId id, String channel, Instant now, Instant expiresAt) {
        return new NotificationRequest(
                Channels.queriedAs(channel),
                "channel:" + channel,
                id.toString(),
                "payment.query",
                ("{\"payment_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8),
                schedule.ladder(),
                null,
                now.toEpochMilli(),
                schedule.first(now, expiresAt).toEpochMilli(),
                false,
                null);
    }

    private CompletionStage<Placing> taken(NewPayment payment, CreateResult taken) {
        return switch (taken) {
            case CreateResult.Stored() -> {
                deliveries.stored(payment.query());
                listener.on(new PaymentsEvent.Created(payment.payment()));
                yield placeAtChannel(payment.payment());
            }
            case CreateResult.Repeated(Payment first) -> CompletableFuture.completedStage(new Placing.Repeated(first));
            case CreateResult.Conflicting(Payment first) ->
                CompletableFuture.completedStage(new Placing.Conflicting(first));
        };
    }

    private CompletionStage<Placing> placeAtChannel(Payment payment) {
        CompletableFuture<Placing> answer = new CompletableFuture<>();
        Timer.Cancellable patience =
                timer.after(Payments.ANSWERED_WITHIN, () -> answer.complete(new Placing.Accepted(payment)));
        executor.execute(() -> {
            Payment placed = payment;
            try {
                placed = placeNow(payment);
            } catch (StoreException e) {
                // It is taken down and its query owed: that places it again, and learns what became of it.
                placed = payment;
            } catch (RuntimeException e) {
                defects.accept(e);
            }
            patience.cancel();
            answer.complete(new Placing.Accepted(placed));
        });
        return answer;
    }

    private Payment placeNow(Payment payment) {
        GuardedChannel channel = channels.get(payment.order().channel());
        PaymentUpdate news = channel.forCaller(() -> channel.place(payment))
                .orElseGet(() -> PaymentUpdate.unclear("too many orders are being placed at this channel"));
        return results.apply(payment, news);
    }
}
