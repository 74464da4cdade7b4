package dev.rung.payments.flow;

import dev.rung.core.model.Attempt;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compensating query: repeats the placement if its result is unknown, queries the channel, and closes the order if it has expired or its close
 * was requested. The outcome is acknowledged if the payment is final; declined if the channel answered and the payment is not final; timed out or
 * unreachable if the channel did not answer.
 */
final class CompensatingQuery implements ChannelQuery {
    /** A further call is made only if this much of the attempt's time is left. */
    static final Duration TIME_FOR_ANOTHER_CALL = Duration.ofSeconds(3);

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
    private final Instant startedAt;
    /** The channel's answers, one line per call. Written by the thread of the query, read by the thread that ends it at the deadline. */
    private volatile String answers = "";
    /** The payment as last read or written; null before that. */
    private volatile @Nullable Payment payment;

    CompensatingQuery(Context context, PaymentId id) {
        this.context = context;
        this.id = id;
        this.startedAt = now();
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
                return settled();
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
        boolean closing = QuerySchedule.isClosing(found, startedAt);
        Payment now = found;
        if (now.payUrl() == null && !closing) {
            now = placeAgain(now, channel);
            if (now.state().isFinal()) {
                return settled();
            }
            if (!hasTimeForAnotherCall()) {
                return ended(Outcome.TIMED_OUT, "the placement took too long");
            }
        }
        Exchange last = channel.query(now);
        note("query", last.answer());
        now = apply(now, PaymentUpdate.ofCompensatingQuery(last, ChangeSource.QUERY));
        if (closing && !now.state().isFinal() && hasTimeForAnotherCall()) {
            last = channel.close(now);
            note("close", last.answer());
            ChangeSource cause = now.closeRequestedAt() == null ? ChangeSource.EXPIRY : ChangeSource.CLOSE;
            now = apply(now, PaymentUpdate.ofCompensatingQuery(last, cause));
        }
        return now.state().isFinal() ? settled() : notFinal(now, last);
    }

    private Payment placeAgain(Payment found, GuardedChannel channel) {
        PaymentUpdate update = channel.place(found);
        if (update.evidence() instanceof Evidence.Unknown(String reason)) {
            note("place", reason);
        }
        return apply(found, update.onTimelineIfChanged());
    }

    private Payment apply(Payment found, PaymentUpdate update) {
        Payment now = context.evidenceApplier().apply(found, update);
        payment = now;
        return now;
    }

    private void note(String call, @Nullable String answer) {
        if (answer != null) {
            answers = answers + (answers.isEmpty() ? "" : "\n") + call + ": " + answer;
        }
    }

    private boolean hasTimeForAnotherCall() {
        Duration left = Sender.DEADLINE.minus(Duration.between(startedAt, now()));
        return left.compareTo(TIME_FOR_ANOTHER_CALL) >= 0;
    }

    private Result settled() {
        return new Result(Outcome.ACKNOWLEDGED, answer(), null, null);
    }

    private Result notFinal(Payment found, Exchange last) {
        if (QuerySchedule.isUnresolved(found, now())) {
            StoredDiscrepancy discrepancy = unresolved(found);
            context.store().report(List.of(discrepancy));
            context.evidenceApplier().report(discrepancy);
        }
        return ended(outcome(last), TimelineMessages.evidence(last.evidence()));
    }

    private static Outcome outcome(Exchange exchange) {
        if (exchange.answer() != null || !(exchange.evidence() instanceof Evidence.Unknown)) {
            return Outcome.DECLINED;
        }
        boolean timedOut = exchange.durationMillis() >= Sender.DEADLINE.toMillis() / 2;
        return timedOut ? Outcome.TIMED_OUT : Outcome.UNREACHABLE;
    }

    private StoredDiscrepancy unresolved(Payment found) {
        return new StoredDiscrepancy(
                new DiscrepancyId(context.ids().next(found.order().merchantId())),
                DiscrepancyKind.UNRESOLVED,
                found.order().channel(),
                id.toString(),
                id,
                "still " + found.state().text() + " a day after its expiry; the channel is queried every hour",
                now(),
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
                : context.schedule().next(known, now());
        return new Result(outcome, answer(), why, null, wait);
    }

    private Attempt.@Nullable Answer answer() {
        return answers.isEmpty() ? null : new Attempt.Answer(0, "", answers.getBytes(StandardCharsets.UTF_8));
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.clock().millis());
    }
}
