package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.DiscrepancyId;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where everything that is learnt about payments ends up: placement, callback, query and close alike. It is judged, and what follows is
 * written in one transaction, under the condition that the payment has not moved meanwhile; if it has, it is judged again. Thread-safe.
 */
final class EvidenceApplier {
    private static final int OTHER_IDS_MAX = 3;

    private final PaymentStore store;
    private final PaymentWriter commits;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final Ids ids;
    private final PaymentsListener listener;

    EvidenceApplier(
            PaymentStore store,
            PaymentWriter commits,
            Deliveries deliveries,
            InstantSource clock,
            Ids ids,
            PaymentsListener listener) {
        this.store = store;
        this.commits = commits;
        this.deliveries = deliveries;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
    }

    /**
     * Lets a payment become what follows from the news. Blocks until that is durable.
     *
     * @param seen as it was read a moment ago
     * @return as it is now
     * @throws StoreException if the store could not; whether something was written may be unknown, and bringing the same news again is harmless
     */
    Payment apply(Payment seen, PaymentUpdate news) {
        Payment before = seen;
        int otherIds = 0;
        while (true) {
            Decision verdict = before.judge(news.evidence());
            Change change = change(before, news, verdict);
            if (change == null) {
                return before;
            }
            try {
                if (commits.change(change)) {
                    return written(change, news, verdict);
                }
            } catch (StoreException e) {
                if (!e.isIdTaken() || ++otherIds > OTHER_IDS_MAX) {
                    throw e;
                }
                ids.redraw();
            }
            // It has moved. That ends: a payment moves a handful of times in its life.
            before = find(seen.id());
        }
    }

    private Payment find(PaymentId id) {
        return store.find(id).orElseThrow(() -> new IllegalStateException(id + " is gone from the store"));
    }

    /** What is to be written; null if nothing follows. */
    private @Nullable Change change(Payment before, PaymentUpdate news, Decision verdict) {
        Instant now = now();
        Payment after = after(before, news, verdict, now);
        boolean moves = after.state() != before.state();
        @Nullable StoredDiscrepancy finding =
                verdict instanceof Decision.Discrepancy doubt ? finding(before, news.evidence(), doubt, now) : null;
        @Nullable StoredCallback callback = news.callback() == null
                ? null
                : news.callback()
                        .about(before.id(), TimelineMessages.callbackVerdict(before, news.evidence(), verdict));
        boolean told = news.telling() || !after.equals(before);
        if (!told && callback == null && finding == null) {
            return null;
        }
        List<PaymentEvent> story = !told
                ? List.of()
                : List.of(new PaymentEvent(
                        ids.next(),
                        before.id(),
                        now,
                        news.source(),
                        moves ? after.state() : null,
                        TimelineMessages.told(news, verdict),
                        news.answer()));
        @Nullable NewNotification end =
                moves && after.state().isFinal() ? deliveries.number(ResultNotification.of(after, now)) : null;
        return new Change(before, after, story, callback, end, finding);
    }

    private static Payment after(Payment before, PaymentUpdate news, Decision verdict, Instant now) {
        Payment after = verdict instanceof Decision.Transition move ? before.moved(move) : before;
        if (after.state().isFinal()) {
            return after;
        }
        if (news.payUrl() != null && after.payUrl() == null) {
            after = after.withPayUrl(news.payUrl());
        }
        return news.closeWanted() ? after.withCloseRequested(now) : after;
    }

    private StoredDiscrepancy finding(Payment payment, Evidence evidence, Decision.Discrepancy doubt, Instant now) {
        String subject = evidence instanceof Evidence.Paid paid
                ? payment.id() + " " + paid.channelTradeNo()
                : payment.id().toString();
        return new StoredDiscrepancy(
                new DiscrepancyId(ids.next()),
                doubt.kind(),
                payment.order().channel(),
                subject,
                payment.id(),
                doubt.detail(),
                now,
                null);
    }

    /** It is durable: now the engine and whoever listens may know. */
    private Payment written(Change change, PaymentUpdate news, Decision verdict) {
        Payment before = change.before();
        Payment after = change.after().equals(before) ? before : change.after().withNextVersion();
        NewNotification end = change.notification();
        if (end != null) {
            deliveries.stored(end);
            deliveries.moved(after.queryId());
        }
        if (after.state() != before.state()) {
            listener.on(new PaymentsEvent.Moved(before, after, news.source()));
        }
        if (change.discrepancy() != null) {
            doubted(change.discrepancy());
        }
        if (change.callback() != null) {
            listener.on(new PaymentsEvent.CalledBack(
                    after.order().channel(),
                    switch (verdict) {
                        case Decision.Transition move -> PaymentsEvent.CalledBack.Reception.APPLIED;
                        case Decision.NoChange() -> PaymentsEvent.CalledBack.Reception.KNOWN;
                        case Decision.Discrepancy doubt -> PaymentsEvent.CalledBack.Reception.DOUBTED;
                    }));
        }
        return after;
    }

    /** A finding is written: whoever listens hears of it unless it was there before, under an id of its own. */
    void doubted(StoredDiscrepancy finding) {
        boolean isNew;
        try {
            isNew = store.discrepancy(finding.id()).isPresent();
        } catch (StoreException e) {
            isNew = true; // told twice rather than never
        }
        if (isNew) {
            listener.on(new PaymentsEvent.Doubted(finding));
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
