package dev.rung.payments.flow;

import dev.rung.core.model.Ids;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Result;
import dev.rung.core.port.StoreException;
import dev.rung.payments.flow.GuardedChannel.EarlierRequests;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.ChannelRefunds.Exchange;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One compensating query of a refund: repeats the request while the channel has not confirmed it, then queries the channel. */
final class CompensatingRefundQuery implements ChannelQuery {
    /** What every query uses. */
    record Context(
            PaymentStore payments,
            RefundStore refunds,
            Channels channels,
            RefundEvidenceApplier applier,
            EvidenceApplier discrepancies,
            RefundSchedule schedule,
            InstantSource clock,
            Ids ids) {}

    /** The longest that a request without an answer can be on its way to the channel and in progress there. */
    private static final Duration REQUEST_MAX = Duration.ofMinutes(1);

    private final Context context;
    private final RefundId id;
    private final QueryAttempt attempt;
    /** As last read or written; null until it is read. */
    private volatile @Nullable Refund refund;

    CompensatingRefundQuery(Context context, RefundId id) {
        this.context = context;
        this.id = id;
        this.attempt = new QueryAttempt(context.clock());
    }

    @Override
    public Result make() {
        try {
            Refund found = context.refunds().find(id).orElse(null);
            if (found == null) {
                return new Result(Outcome.ACKNOWLEDGED, null, null, null);
            }
            refund = found;
            if (found.state().isFinal()) {
                return attempt.ended();
            }
            if (found.isWaitingForApproval()) {
                return attempt.open(
                        Outcome.DECLINED, "another person must approve the refund", RefundSchedule.UNTIL_APPROVED);
            }
            String name = found.terms().channel();
            GuardedChannel channel = context.channels().find(name);
            Payment payment = context.payments().find(found.terms().payment()).orElse(null);
            if (payment == null) {
                return ended(Outcome.REFUSED, "the payment " + found.terms().payment() + " was not found");
            }
            return channel == null
                    ? ended(Outcome.REFUSED, "this server has no channel " + name)
                    : ask(payment, found, channel);
        } catch (StoreException e) {
            // Not the channel's failure; the next query repeats this one.
            return failed("the store could not be used");
        }
    }

    private Result ask(Payment payment, Refund found, GuardedChannel channel) {
        RefundEvidenceApplier.Requesting requesting = context.applier().requesting(found);
        Refund now = requesting.refund();
        refund = now;
        if (now.state().isFinal()) {
            return attempt.ended();
        }
        if (now.acceptedAt() == null) {
            Exchange repeated = channel.requestRefund(payment, now, earlier(requesting.earlier()));
            attempt.note("request", repeated.answer());
            now = apply(now, RefundUpdate.requested(repeated).quietly());
            if (now.state().isFinal()) {
                return attempt.ended();
            }
            if (!attempt.hasTimeForAnotherCall()) {
                return undecided(now, repeated);
            }
        }
        Exchange asked = channel.queryRefund(payment, now.number());
        attempt.note("query", asked.answer());
        now = apply(now, RefundUpdate.ofCompensatingQuery(asked));
        return now.state().isFinal() ? attempt.ended() : undecided(now, asked);
    }

    private EarlierRequests earlier(@Nullable Instant at) {
        return at != null && attempt.now().isBefore(at.plus(REQUEST_MAX))
                ? EarlierRequests.POSSIBLY_IN_PROGRESS
                : EarlierRequests.ENDED;
    }

    private Refund apply(Refund found, RefundUpdate update) {
        Refund now = context.applier().apply(found, update);
        refund = now;
        return now;
    }

    private Result undecided(Refund found, Exchange last) {
        if (RefundSchedule.isUnresolved(found, attempt.now())) {
            StoredDiscrepancy discrepancy = unresolved(found);
            context.payments().report(List.of(discrepancy));
            context.discrepancies().report(discrepancy);
        }
        return ended(
                QueryAttempt.outcome(
                        last.answer() != null || !(last.evidence() instanceof RefundEvidence.Unknown),
                        last.durationMillis()),
                RefundMessages.evidence(last.evidence()));
    }

    private StoredDiscrepancy unresolved(Refund found) {
        String since = found.acceptedAt() == null
                ? "the channel has not confirmed the refund for a day"
                : "the channel has not ended the refund for a week";
        return new StoredDiscrepancy(
                new DiscrepancyId(context.ids().next(found.terms().merchantId())),
                DiscrepancyKind.UNRESOLVED,
                found.terms().channel(),
                id.toString(),
                found.terms().payment(),
                since + "; it is queried every hour",
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
        Refund known = refund;
        Duration wait = known == null
                ? context.schedule().payments().ladder().steps().getFirst()
                : context.schedule().next(known, attempt.now());
        return attempt.open(outcome, why, wait);
    }
}
