package dev.rung.payments.flow;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Applies the evidence of placements, callbacks, queries and closes to payments. The consequences are written in one transaction, under the condition
 * that the payment has not changed meanwhile; if it has, the evidence is judged again. Thread-safe.
 */
final class EvidenceApplier {
    private static final int OTHER_IDS_MAX = 3;
    private static final int PROBLEM_MAX = 500;

    private final PaymentStore store;
    private final PaymentWriter writer;
    private final NotificationOutbox outbox;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    EvidenceApplier(
            PaymentStore store,
            PaymentWriter writer,
            NotificationOutbox outbox,
            InstantSource clock,
            Ids ids,
            PaymentsListener listener) {
        this.store = store;
        this.writer = writer;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Applies an update to a payment. Blocks until the result is durable.
     *
     * @param seen the payment as read before
     * @return the payment as it is now
     * @throws StoreException if the store failed. Whether the update was written may be unknown; the caller may apply it again
     */
    Payment apply(Payment seen, PaymentUpdate update) {
        return apply(seen, update, Payment::judge);
    }

    /** The same; an operator has the evidence judged otherwise. */
    Payment apply(Payment seen, PaymentUpdate update, BiFunction<Payment, Evidence, Decision> judge) {
        Payment before = seen;
        int otherIds = 0;
        while (true) {
            Decision decision = judge.apply(before, update.evidence());
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
            // It has changed meanwhile. The loop ends, because a payment changes only a few times.
            before = find(seen.id());
        }
    }

    /** Adds a line to the timeline, about what an operator did. */
    void note(Payment seen, String detail) {
        Payment before = seen;
        PaymentEvent line;
        do {
            line = new PaymentEvent(
                    ids.next(before.order().merchantId()),
                    before.id(),
                    now(),
                    ChangeSource.OPERATOR,
                    null,
                    detail,
                    null);
            before = find(seen.id());
        } while (!writer.change(new Change(before, before, List.of(line), null, null, null)));
    }

    private Payment find(PaymentId id) {
        return store.find(id).orElseThrow(() -> new IllegalStateException(id + " is no longer in the store"));
    }

    /** The change to write; null if there is none. */
    private @Nullable Change change(Payment before, PaymentUpdate update, Decision decision) {
        Instant now = now();
        Payment after = after(before, update, decision, now);
        boolean moves = after.state() != before.state();
        @Nullable StoredDiscrepancy discrepancy = decision instanceof Decision.Discrepancy found
                ? discrepancy(before, update.evidence(), found, now)
                : null;
        @Nullable StoredCallback callback = update.callback() == null
                ? null
                : update.callback()
                        .about(before.id(), TimelineMessages.callbackVerdict(before, update.evidence(), decision));
        boolean ends = moves && after.state().isFinal();
        @Nullable NewNotification result = ends ? outbox.prepare(ResultNotification.of(after, now)) : null;
        boolean onTimeline = update.alwaysOnTimeline() || !after.equals(before);
        if (!onTimeline && callback == null && discrepancy == null) {
            return null;
        }
        List<PaymentEvent> timeline = new ArrayList<>();
        if (onTimeline) {
            timeline.add(new PaymentEvent(
                    ids.next(before.order().merchantId()),
                    before.id(),
                    now,
                    update.source(),
                    moves ? after.state() : null,
                    TimelineMessages.detail(update, decision),
                    update.answer()));
        }
        if (ends && result == null) {
            timeline.add(new PaymentEvent(
                    ids.next(before.order().merchantId()),
                    before.id(),
                    now,
                    update.source(),
                    null,
                    TimelineMessages.NO_RECEIVER,
                    null));
        }
        return new Change(before, after, timeline, callback, result, discrepancy);
    }

    private static Payment after(Payment before, PaymentUpdate update, Decision decision, Instant now) {
        Payment after = decision instanceof Decision.Transition transition ? before.moved(transition) : before;
        if (decision instanceof Decision.Discrepancy doubt && doubt.kind() == DiscrepancyKind.PAID_AFTER_CLOSE) {
            return after.withLatePayment();
        }
        if (after.state().isFinal()) {
            return before.state().isFinal() ? after : after.withProblem(failure(update.evidence()));
        }
        if (after.isToBePlaced()) {
            after = withPlacement(after, update);
        }
        return update.closeRequested() ? after.withCloseRequested(now) : after;
    }

    private static @Nullable String failure(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Rejected(String reason) -> problem(reason);
            case Evidence.Failed(String reason) -> problem(reason);
            default -> null;
        };
    }

    private static Payment withPlacement(Payment payment, PaymentUpdate update) {
        if (update.access() != null) {
            return payment.withAccess(update.access());
        }
        return update.isAboutPlacement() && update.evidence() instanceof Evidence.Unknown(String reason)
                ? payment.withProblem(problem(reason))
                : payment;
    }

    private static String problem(String reason) {
        return reason.codePointCount(0, reason.length()) <= PROBLEM_MAX
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, PROBLEM_MAX));
    }

    private StoredDiscrepancy discrepancy(Payment payment, Evidence evidence, Decision.Discrepancy found, Instant now) {
        String subject = evidence instanceof Evidence.Paid paid
                ? payment.id() + " " + paid.channelTradeNo()
                : payment.id().toString();
        return new StoredDiscrepancy(
                new DiscrepancyId(ids.next(payment.order().merchantId())),
                found.kind(),
                payment.order().channel(),
                subject,
                payment.id(),
                found.detail(),
                now,
                null);
    }

    /** Passes a committed change to the engine and the listener. */
    private Payment written(Change change, PaymentUpdate update, Decision decision) {
        Payment before = change.before();
        Payment after = change.after().equals(before) ? before : change.after().withNextVersion();
        NewNotification result = change.notification();
        if (result != null) {
            outbox.committed(result);
        }
        if (after.state() != before.state() && after.state().isFinal()) {
            outbox.changed(after.queryId());
        }
        if (after.state() != before.state()) {
            listener.on(new PaymentsEvent.StateChanged(before, after, update.source()));
        }
        if (change.discrepancy() != null) {
            report(change.discrepancy());
        }
        if (change.callback() != null) {
            listener.on(new PaymentsEvent.CallbackReceived(
                    after.order().channel(),
                    switch (decision) {
                        case Decision.Transition transition -> PaymentsEvent.CallbackReceived.CallbackResult.APPLIED;
                        case Decision.NoChange() -> PaymentsEvent.CallbackReceived.CallbackResult.UNCHANGED;
                        case Decision.Discrepancy found -> PaymentsEvent.CallbackReceived.CallbackResult.DISCREPANCY;
                    }));
        }
        return after;
    }

    /** Passes a stored discrepancy to the listener, unless the same one was stored before under another id. */
    void report(StoredDiscrepancy discrepancy) {
        boolean isNew;
        try {
            isNew = store.discrepancy(discrepancy.id()).isPresent();
        } catch (StoreException e) {
            isNew = true; // better reported twice than never
        }
        if (isNew) {
            listener.on(new PaymentsEvent.DiscrepancyFound(discrepancy));
        }
    }

    /** Passes a discrepancy that was reopened to the listener, if it is open. */
    void reportOpen(DiscrepancyId id) {
        try {
            store.discrepancy(id)
                    .filter(discrepancy -> discrepancy.resolution() == null)
                    .ifPresent(discrepancy -> listener.on(new PaymentsEvent.DiscrepancyFound(discrepancy)));
        } catch (StoreException e) {
            // The store counts it for alerts; only a log line and a metric are missing.
            return;
        }
    }

    /** The trace of a payment; null: it belongs to none. */
    @Nullable TraceParent trace(PaymentId id) {
        return store.find(id).map(payment -> payment.order().trace()).orElse(null);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
