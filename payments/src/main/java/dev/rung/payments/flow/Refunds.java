package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import dev.rung.payments.model.Approval;
import dev.rung.payments.model.Approver;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.CreateResult;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The refunds of one process. A refund and its compensating query are committed before the channel is asked: whatever happens then, the query finds the result. Thread-safe; methods block for the store and, where stated, for the channel.
 */
public final class Refunds {
    private static final int OTHER_IDS_MAX = 3;

    private final PaymentStore payments;
    private final RefundStore store;
    private final PaymentWriter writer;
    private final Channels channels;
    private final RefundEvidenceApplier applier;
    private final NotificationOutbox outbox;
    private final RefundSchedule schedule;
    private final Timer timer;
    private final Executor executor;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;
    private final Consumer<RuntimeException> defects;

    Refunds(
            EngineRuntime runtime,
            Ids ids,
            PaymentStore payments,
            RefundStore store,
            PaymentWriter writer,
            Channels channels,
            RefundEvidenceApplier applier,
            NotificationOutbox outbox,
            RefundSchedule schedule,
            PaymentsListener listener,
            Consumer<RuntimeException> defects) {
        this.payments = payments;
        this.store = store;
        this.writer = writer;
        this.channels = channels;
        this.applier = applier;
        this.outbox = outbox;
        this.schedule = schedule;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
        this.clock = runtime.clock();
        this.ids = ids;
        this.listener = listener;
        this.defects = defects;
    }

    /** Whether this server has the channel, and the channel has refunds. */
    public boolean isPossible(String channel) {
        GuardedChannel found = channels.find(channel);
        return found != null && found.unguarded().refunds().isPresent();
    }

    /**
     * Stores a refund and asks the channel for it. Returns after the commit.
     *
     * @return completes, never exceptionally, when the channel has answered, and no later than 900 ms from now
     * @throws StoreException if the store failed; whether it is stored may be unknown; repeating the request is harmless
     */
    public CompletionStage<RefundResult> request(RefundRequest request) {
        for (int otherIds = 0; ; otherIds++) {
            NewRefund refund = prepare(request);
            try {
                return created(request.payment(), refund, writer.create(refund));
            } catch (StoreException e) {
                if (!e.isIdTaken() || otherIds == OTHER_IDS_MAX) {
                    throw e;
                }
                ids.redraw();
            }
        }
    }

    private NewRefund prepare(RefundRequest request) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        RefundId id = new RefundId(ids.next(request.payment().order().merchantId()));
        Payment payment = request.payment();
        Refund.Terms terms = new Refund.Terms(
                payment.id(),
                payment.order().merchantId(),
                payment.order().outTradeNo(),
                payment.order().channel(),
                request.outRefundNo(),
                null,
                request.amount(),
                request.reason(),
                request.notifyUrl(),
                request.ladder(),
                request.ladderName());
        Approval approval = request.approval();
        Instant due = approval == null ? schedule.first(now) : now.plus(RefundSchedule.UNTIL_APPROVED);
        NewNotification query = outbox.prepareQuery(
                query(id, terms, now, due).withTrace(payment.order().trace()));
        Refund refund = new Refund(
                id,
                terms,
                query.id(),
                RefundState.PROCESSING,
                now,
                approval == null ? now : null,
                null,
                null,
                null,
                null,
                false,
                approval,
                1);
        PaymentEvent event = new PaymentEvent(
                ids.next(payment.order().merchantId()),
                payment.id(),
                id,
                now,
                ChangeSource.MERCHANT,
                null,
                RefundMessages.requested(refund),
                null);
        return new NewRefund(refund, request.digest(), query, event, null, null, null);
    }

    private NotificationRequest query(RefundId id, Refund.Terms terms, Instant now, Instant due) {
        return new NotificationRequest(
                terms.merchantId(),
                null,
                terms.channel(),
                "channel:" + terms.channel(),
                id.toString(),
                QuerySender.REFUND_QUERY,
                ("{\"refund_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8),
                schedule.payments().ladder(),
                null,
                true,
                now.toEpochMilli(),
                due.toEpochMilli(),
                false,
                false,
                null,
                null);
    }

    private CompletionStage<RefundResult> created(Payment payment, NewRefund refund, CreateResult result) {
        return switch (result) {
            case CreateResult.Stored() -> {
                NewNotification query = refund.query();
                if (query != null) {
                    outbox.committed(query);
                }
                listener.on(new PaymentsEvent.RefundCreated(refund.refund()));
                yield refund.refund().isWaitingForApproval()
                        ? CompletableFuture.completedStage(new RefundResult.Accepted(refund.refund()))
                        : requestAtChannel(payment, refund.refund());
            }
            case CreateResult.Repeated(Refund first) ->
                CompletableFuture.completedStage(new RefundResult.Repeated(first));
            case CreateResult.Conflicting(Refund first) ->
                CompletableFuture.completedStage(new RefundResult.Conflicting(first));
            case CreateResult.Exceeding(Payment now) ->
                CompletableFuture.completedStage(new RefundResult.Exceeding(now));
        };
    }

    private CompletionStage<RefundResult> requestAtChannel(Payment payment, Refund refund) {
        CompletableFuture<RefundResult> answer = new CompletableFuture<>();
        Timer.Cancellable deadline =
                timer.after(OrderPlacement.ANSWERED_WITHIN, () -> answer.complete(new RefundResult.Accepted(refund)));
        executor.execute(() -> {
            Refund requested = refund;
            try {
                requested = requestNow(payment, refund);
            } catch (StoreException e) {
                // The refund and its query are stored: the query repeats the request and finds out its state.
                requested = refund;
            } catch (RuntimeException e) {
                defects.accept(e);
            }
            deadline.cancel();
            answer.complete(new RefundResult.Accepted(requested));
        });
        return answer;
    }

    private Refund requestNow(Payment payment, Refund refund) {
        if (!Instant.ofEpochMilli(clock.millis()).isBefore(schedule.first(refund.createdAt()))) {
            // The query may have begun: this would no longer be the first request.
            return refund;
        }
        GuardedChannel channel = channels.find(refund.terms().channel());
        RefundUpdate update = channel == null
                ? RefundUpdate.unclear("this server has no such channel")
                : channel.callForRequest(() -> RefundUpdate.requested(
                                channel.requestRefund(payment, refund, GuardedChannel.EarlierRequests.NONE)))
                        .orElseGet(() -> RefundUpdate.unclear("too many calls of this channel are in progress"));
        return applier.apply(refund, update);
    }

    /** The result of {@link #approve} and {@link #decline}. */
    public sealed interface Approving {
        /** It is approved, and the channel is asked now; or it is declined, and has failed. */
        record Done(Refund refund) implements Approving {}

        /** It needs no approval, or has it, or has ended. */
        record NotWaiting(Refund refund) implements Approving {}

        /** The key or person that asked for it cannot approve it. */
        record SamePerson() implements Approving {}

        /** There is no such refund. */
        record Unknown() implements Approving {}
    }

    /**
     * Approves a refund that waits for it: its compensating query asks the channel at once.
     *
     * @throws StoreException if the store failed; repeating the request is harmless
     */
    public Approving approve(RefundId id, Approver by) {
        while (true) {
            Refund before = store.find(id).orElse(null);
            if (before == null) {
                return new Approving.Unknown();
            }
            if (!before.isWaitingForApproval()) {
                return new Approving.NotWaiting(before);
            }
            if (!Objects.requireNonNull(before.approval()).mayBeGivenBy(by)) {
                return new Approving.SamePerson();
            }
            Instant now = Instant.ofEpochMilli(clock.millis());
            Refund after = before.withApproval(by, now);
            PaymentEvent event = new PaymentEvent(
                    ids.next(before.terms().merchantId()),
                    before.terms().payment(),
                    id,
                    now,
                    ChangeSource.OPERATOR,
                    null,
                    RefundMessages.approved(before, by.name()),
                    null);
            if (writer.change(new RefundStore.Change(before, after, List.of(event), null, null, null))) {
                if (before.queryId() != null) {
                    outbox.makeDueNow(before.queryId());
                }
                return new Approving.Done(after.withNextVersion());
            }
        }
    }

    /**
     * Declines a refund that waits for approval: it has failed, and the merchant is notified. The one who asked may decline it, too.
     *
     * @throws StoreException if the store failed; repeating the request is harmless
     */
    public Approving decline(RefundId id, Approver by) {
        Refund before = store.find(id).orElse(null);
        if (before == null) {
            return new Approving.Unknown();
        }
        Refund after = applier.apply(
                before, RefundUpdate.ofOperator(new RefundEvidence.NotApproved("declined by " + by.name())));
        return before.isWaitingForApproval() && after.state() == RefundState.FAILED
                ? new Approving.Done(after)
                : new Approving.NotWaiting(after);
    }

    /**
     * Queries the channel now. Blocks for the channel.
     *
     * @return the refund after that, unchanged if the channel did not answer; empty if there is no such refund
     * @throws StoreException if the store failed
     */
    public Optional<Refund> sync(RefundId id) {
        return store.find(id).map(refund -> {
            GuardedChannel channel = channels.find(refund.terms().channel());
            Payment payment = payments.find(refund.terms().payment()).orElse(null);
            return channel == null || payment == null
                    ? refund
                    : channel.callForRequest(() -> channel.queryRefund(payment, refund.number()))
                            .map(exchange -> applier.apply(refund, RefundUpdate.ofRequestedQuery(exchange)))
                            .orElse(refund);
        });
    }
}
