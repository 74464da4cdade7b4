package dev.rung.payments.flow;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundDecision;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies evidence to refunds as {@link EvidenceApplier} does to payments: it is judged, and its consequences are written in one transaction, under the
 * condition that the refund has not changed meanwhile; if it has, the evidence is judged again. Thread-safe.
 */
final class RefundEvidenceApplier {
    private static final int OTHER_IDS_MAX = 3;

    private final RefundStore store;
    private final PaymentWriter writer;
    private final EvidenceApplier payments;
    private final NotificationOutbox outbox;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    RefundEvidenceApplier(
            RefundStore store,
            PaymentWriter writer,
            EvidenceApplier payments,
            NotificationOutbox outbox,
            InstantSource clock,
            Ids ids,
            PaymentsListener listener) {
        this.store = store;
        this.writer = writer;
        this.payments = payments;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Applies an update to a refund. Blocks until the result is durable.
     *
     * @param seen as it was read a moment ago
     * @return as it is now
     * @throws StoreException if the store failed; applying the same update again is harmless
     */
    Refund apply(Refund seen, RefundUpdate update) {
        Refund before = seen;
        int otherIds = 0;
        while (true) {
            RefundDecision decision = before.judge(update.evidence());
            Change change = change(before, update, decision);
            if (change == null) {
                return before;
            }
            try {
                if (writer.change(change)) {
                    return written(change, update, decision);
                }
            } catch (StoreException e) {
                if (!e.isIdTaken() || ++otherIds > OTHER_IDS_MAX) {
                    throw e;
                }
                ids.redraw();
            }
            // It has changed meanwhile. The loop ends, because a refund changes only a few times.
            before = find(seen.id());
        }
    }

    /**
     * Stores that a refund is about to be requested again, before the request: the meaning of a refusal depends on it.
     *
     * @return its present state, possibly confirmed or ended by other evidence
     */
    Requesting requesting(Refund seen) {
        Refund before = seen;
        while (!before.state().isFinal() && before.acceptedAt() == null) {
            Refund after = before.withRequested(Instant.ofEpochMilli(clock.millis()));
            Change change = new Change(before, after, List.of(), null, null, null);
            if (writer.change(change)) {
                return new Requesting(change.changesRefund() ? after.withNextVersion() : before, before.requestedAt());
            }
            before = find(seen.id());
        }
        return new Requesting(before, before.requestedAt());
    }

    /**
     * A refund about to be requested.
     *
     * @param earlier when it was requested before
     */
    record Requesting(Refund refund, @Nullable Instant earlier) {}

    private Refund find(RefundId id) {
        return store.find(id).orElseThrow(() -> new IllegalStateException(id + " is no longer in the store"));
    }

    /** What is to be written; null if nothing follows. */
    private @Nullable Change change(Refund before, RefundUpdate update, RefundDecision decision) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        Refund after = after(before, update.evidence(), decision, now);
        StoredDiscrepancy discrepancy =
                decision instanceof RefundDecision.Discrepancy found ? discrepancy(before, found, now) : null;
        StoredCallback callback = update.callback() == null
                ? null
                : update.callback()
                        .about(
                                before.terms().payment(),
                                RefundMessages.callbackVerdict(before, update.evidence(), decision));
        boolean onTimeline = update.telling() || !after.equals(before);
        if (!onTimeline && callback == null && discrepancy == null) {
            return null;
        }
        List<PaymentEvent> timeline = new ArrayList<>();
        if (onTimeline) {
            timeline.add(event(before, update, now, RefundMessages.learnt(before, update, decision), update.answer()));
        }
        boolean ends = after.state().isFinal() && !before.state().isFinal();
        NewNotification result = ends
                ? outbox.prepare(RefundNotification.of(
                        after, payments.trace(before.terms().payment()), now))
                : null;
        if (ends && result == null) {
            timeline.add(event(before, update, now, TimelineMessages.NO_RECEIVER, null));
        }
        return new Change(before, after, timeline, callback, result, discrepancy);
    }

    private PaymentEvent event(
            Refund refund, RefundUpdate update, Instant now, String detail, @Nullable String answer) {
        return new PaymentEvent(
                ids.next(refund.terms().merchantId()),
                refund.terms().payment(),
                refund.id(),
                now,
                update.source(),
                null,
                detail,
                answer);
    }

    private static Refund after(Refund before, RefundEvidence evidence, RefundDecision decision, Instant now) {
        Refund after = decision instanceof RefundDecision.Transition transition ? before.moved(transition) : before;
        if (evidence instanceof RefundEvidence.Refunded && after.state() == RefundState.FAILED) {
            after = after.withRefundedAfterFailure();
        }
        return isConfirmation(evidence) ? after.withAccepted(now) : after;
    }

    /** Whether the channel has the refund. */
    private static boolean isConfirmation(RefundEvidence evidence) {
        return switch (evidence) {
            case RefundEvidence.Refunded r -> true;
            case RefundEvidence.Processing p -> true;
            case RefundEvidence.Failed f -> true;
            case RefundEvidence.Stuck s -> true;
            case RefundEvidence.Refused r -> false;
            case RefundEvidence.NotApproved n -> false;
            case RefundEvidence.NotFound n -> false;
            case RefundEvidence.NotEnded n -> false;
            case RefundEvidence.Unknown u -> false;
        };
    }

    private StoredDiscrepancy discrepancy(Refund refund, RefundDecision.Discrepancy found, Instant now) {
        return new StoredDiscrepancy(
                new DiscrepancyId(ids.next(refund.terms().merchantId())),
                found.kind(),
                refund.terms().channel(),
                refund.id().toString(),
                refund.terms().payment(),
                found.detail(),
                now,
                null);
    }

    /** Passes a committed change to the engine and the listener. */
    private Refund written(Change change, RefundUpdate update, RefundDecision decision) {
        Refund before = change.before();
        Refund after = change.changesRefund() ? change.after().withNextVersion() : before;
        NewNotification result = change.notification();
        if (result != null) {
            outbox.committed(result);
        }
        if (change.becomesFinal() && after.queryId() != null) {
            outbox.changed(after.queryId());
        }
        if (after.state() != before.state()) {
            listener.on(new PaymentsEvent.RefundStateChanged(before, after, update.source()));
        }
        if (change.discrepancy() != null) {
            payments.report(change.discrepancy());
        }
        change.reopens().ifPresent(payments::reportOpen);
        if (change.callback() != null) {
            listener.on(new PaymentsEvent.CallbackReceived(
                    after.terms().channel(),
                    switch (decision) {
                        case RefundDecision.Transition transition ->
                            PaymentsEvent.CallbackReceived.CallbackResult.APPLIED;
                        case RefundDecision.NoChange() -> PaymentsEvent.CallbackReceived.CallbackResult.UNCHANGED;
                        case RefundDecision.Discrepancy d -> PaymentsEvent.CallbackReceived.CallbackResult.DISCREPANCY;
                    }));
        }
        return after;
    }
}
