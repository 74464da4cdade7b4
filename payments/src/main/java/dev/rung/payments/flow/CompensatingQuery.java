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
 * One compensating query: places the order again if nobody knows whether it is placed, asks, and closes what is to be closed. Ends
 * acknowledged when the payment is final; declined when the channel answered and it is not over; timed out or unreachable when nothing can be said.
 */
final class CompensatingQuery {
    /** A further call is made only while so much time is left of the attempt's. */
    private static final Duration TIME_FOR_ANOTHER_CALL = Duration.ofSeconds(3);

    /** What queries are made with. */
    record Ports(
            PaymentStore store,
            Channels channels,
            EvidenceApplier results,
            QuerySchedule schedule,
            InstantSource clock,
            Ids ids) {}

    private final Ports ports;
    private final PaymentId id;
    private final Instant startedAt;
    /** What the channel said, a line a call. Written by the thread that makes the query, read by the one that gives it up. */
    private volatile String answers = "";
    /** As last read or written; null until it is read. */
    private volatile @Nullable Payment payment;

    CompensatingQuery(Ports ports, PaymentId id) {
        this.ports = ports;
        this.id = id;
        this.startedAt = now();
    }

    /** Makes it. Blocks. */
    Result make() {
        try {
            Payment found = ports.store().find(id).orElse(null);
            if (found == null) {
                return new Result(Outcome.ACKNOWLEDGED, null, null, null);
            }
            payment = found;
            if (found.state().isFinal()) {
                return over();
            }
            GuardedChannel channel = ports.channels().find(found.order().channel());
            return channel == null
                    ? ended(
                            Outcome.REFUSED,
                            "this server has no channel " + found.order().channel())
                    : ask(found, channel);
        } catch (StoreException e) {
            // The channel is not to blame; the next query learns it again.
            return failed("the store could not be used");
        }
    }

    private Result ask(Payment found, GuardedChannel channel) {
        boolean closing = QuerySchedule.isClosing(found, startedAt);
        Payment now = found;
        if (now.payUrl() == null && !closing) {
            now = placeAgain(now, channel);
            if (now.state().isFinal()) {
                return over();
            }
            if (!hasTimeForAnotherCall()) {
                return ended(Outcome.TIMED_OUT, "placing it took too long");
            }
        }
        Exchange last = channel.query(now);
        note("query", last.answer());
        now = apply(now, PaymentUpdate.found(last, ChangeSource.QUERY));
        if (closing && !now.state().isFinal() && hasTimeForAnotherCall()) {
            last = channel.close(now);
            note("close", last.answer());
            ChangeSource cause = now.closeRequestedAt() == null ? ChangeSource.EXPIRY : ChangeSource.CLOSE;
            now = apply(now, PaymentUpdate.found(last, cause));
        }
        return now.state().isFinal() ? over() : undecided(now, last);
    }

    private Payment placeAgain(Payment found, GuardedChannel channel) {
        PaymentUpdate news = channel.place(found);
        if (news.evidence() instanceof Evidence.Unknown(String reason)) {
            note("place", reason);
        }
        return apply(found, news.quietly());
    }

    private Payment apply(Payment found, PaymentUpdate news) {
        Payment now = ports.results().apply(found, news);
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

    private Result over() {
        return new Result(Outcome.ACKNOWLEDGED, answer(), null, null);
    }

    private Result undecided(Payment found, Exchange last) {
        if (QuerySchedule.isUnresolved(found, now())) {
            StoredDiscrepancy finding = unresolved(found);
            ports.store().report(List.of(finding));
            ports.results().doubted(finding);
        }
        return ended(outcome(last), TimelineMessages.evidence(last.evidence()));
    }

    private static Outcome outcome(Exchange exchange) {
        if (exchange.answer() != null || !(exchange.evidence() instanceof Evidence.Unknown)) {
            return Outcome.DECLINED;
        }
        boolean waitedInVain = exchange.durationMillis() >= Sender.DEADLINE.toMillis() / 2;
        return waitedInVain ? Outcome.TIMED_OUT : Outcome.UNREACHABLE;
    }

    private StoredDiscrepancy unresolved(Payment found) {
        return new StoredDiscrepancy(
                new DiscrepancyId(ports.ids().next()),
                DiscrepancyKind.UNRESOLVED,
                found.order().channel(),
                id.toString(),
                id,
                "still " + found.state().text() + " a day after its expiry; it is asked about every hour",
                now(),
                null);
    }

    /** The time of an attempt is up and the channel has not answered. */
    Result overdue() {
        return ended(Outcome.TIMED_OUT, "no answer within " + Sender.DEADLINE.toSeconds() + "s");
    }

    /** It came to nothing, and not by the channel's fault. */
    Result failed(String why) {
        return ended(Outcome.DECLINED, why);
    }

    private Result ended(Outcome outcome, String why) {
        Payment known = payment;
        Duration wait = known == null
                ? ports.schedule().ladder().steps().getFirst()
                : ports.schedule().next(known, now());
        return new Result(outcome, answer(), why, null, wait);
    }

    private Attempt.@Nullable Answer answer() {
        return answers.isEmpty() ? null : new Attempt.Answer(0, "", answers.getBytes(StandardCharsets.UTF_8));
    }

    private Instant now() {
        return Instant.ofEpochMilli(ports.clock().millis());
    }
}
