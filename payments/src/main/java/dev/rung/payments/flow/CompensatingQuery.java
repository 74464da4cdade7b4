package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Result;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One compensating query: repeats the placement if its result is unknown, queries the channel, and closes the order if it has expired or its close was requested. */
final class CompensatingQuery implements ChannelQuery {
    /** The collaborators that all queries share. */
    record Context(
            PaymentStore store,
            Channels channels,
            EvidenceApplier evidenceApplier,
            QuerySchedule schedule,
            InstantSource clock,
            Ids ids) {}

    private final Context context;
    private final PaymentId id;
    private final QueryAttempt attempt;
    /** The payment as last read or written; null before that. */
    private volatile @Nullable Payment payment;

    CompensatingQuery(Context context, PaymentId id) {
        this.context = context;
        this.id = id;
        this.attempt = new QueryAttempt(context.clock());
    }

    @Override
    public Result make() {
        try {
            Payment found = context.store().find(id).orElse(null);
            if (found == null) {
                return new Result(Outcome.ACKNOWLEDGED, null, null, null);
            }
            payment = found;
            if (found.state().isFinal()) {
                return attempt.ended();
            }
            GuardedChannel channel = context.channels().find(found.order().channel());
            return channel == null
                    ? ended(
                            Outcome.REFUSED,
                            "this server has no channel " + found.order().channel())
                    : queryAndClose(found, channel);
        } catch (StoreException e) {
            // The channel did not fail; the next query repeats this one.
            return failed("the store is unavailable");
        }
    }

    private Result queryAndClose(Payment found, GuardedChannel channel) {
        boolean closing = QuerySchedule.isClosing(found, attempt.startedAt());
        Payment now = found;
        if (now.isToBePlaced() && !closing) {
            now = placeAgain(now, channel);
            if (now.state().isFinal()) {
                return attempt.ended();
            }
            if (!attempt.hasTimeForAnotherCall()) {
                return ended(Outcome.TIMED_OUT, "the placement took too long");
            }
        }
        Exchange last = channel.query(now);
        attempt.note("query", last.answer());
        now = apply(now, PaymentUpdate.ofCompensatingQuery(last, ChangeSource.QUERY));
        if (closing && !now.state().isFinal() && attempt.hasTimeForAnotherCall()) {
            last = channel.close(now);
            attempt.note("close", last.answer());
            ChangeSource cause = now.closeRequestedAt() == null ? ChangeSource.EXPIRY : ChangeSource.CLOSE;
            now = apply(now, PaymentUpdate.ofCompensatingQuery(last, cause));
        }
        return now.state().isFinal() ? attempt.ended() : notFinal(now, last);
    }

    private Payment placeAgain(Payment found, GuardedChannel channel) {
        PaymentUpdate update = channel.place(found);
        if (update.evidence() instanceof Evidence.Unknown(String reason)) {
            attempt.note("place", reason);
        }
        return apply(found, update.onTimelineIfChanged());
    }

    private Payment apply(Payment found, PaymentUpdate update) {
        Payment now = context.evidenceApplier().apply(found, update);
        payment = now;
        return now;
    }

    private Result notFinal(Payment found, Exchange last) {
        if (QuerySchedule.isUnresolved(found, attempt.now())) {
            StoredDiscrepancy discrepancy = unresolved(found);
            context.store().report(List.of(discrepancy));
            context.evidenceApplier().report(discrepancy);
        }
        return ended(
                QueryAttempt.outcome(
                        last.answer() != null || !(last.evidence() instanceof Evidence.Unknown), last.durationMillis()),
                TimelineMessages.evidence(last.evidence()));
    }

    private StoredDiscrepancy unresolved(Payment found) {
        return new StoredDiscrepancy(
                new DiscrepancyId(context.ids().next(found.order().merchantId())),
                DiscrepancyKind.UNRESOLVED,
                found.order().channel(),
                id.toString(),
                id,
                "still " + found.state().text() + " a day after its expiry; the channel is queried every hour",
                attempt.now(),
                null);
    }

    @Override
    public Result overdue() {
        return ended(Outcome.TIMED_OUT, "no answer within " + Sender.DEADLINE.toSeconds() + "s");
    }

    @Override
    public Result failed(String why) {
        return ended(Outcome.DECLINED, why);
    }

    private Result ended(Outcome outcome, String why) {
        Payment known = payment;
        Duration wait = known == null
                ? context.schedule().ladder().steps().getFirst()
                : context.schedule().next(known, attempt.now());
        return attempt.open(outcome, why, wait);
    }
}
