package dev.rung.payments.flow;

import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Decorates a {@link PaymentChannel}: exceptions become {@link Evidence.Unknown}, rejections are confirmed by a query, and the number of concurrent
 * calls is bounded. Thread-safe.
 */
final class GuardedChannel {
    /** Limit of concurrent calls for API requests. The bulkheads limit those of compensating queries. */
    private static final int CALLS_MAX = 256;

    private final PaymentChannel channel;
    private final PaymentsListener listener;
    private final Semaphore calls = new Semaphore(CALLS_MAX);

    GuardedChannel(PaymentChannel channel, PaymentsListener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    String name() {
        return channel.name();
    }

    /** The channel itself, for methods that do not call the gateway. */
    PaymentChannel unguarded() {
        return channel;
    }

    /** Makes a call for an API request. Empty if the limit is reached; the compensating query then finds out the state. */
    <T> Optional<T> callForRequest(Supplier<T> call) {
        if (!calls.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(call.get());
        } finally {
            calls.release();
        }
    }

    /** Places the order, possibly again. */
    PaymentUpdate place(Payment payment) {
        Placement placement = placement(payment);
        listener.on(new PaymentsEvent.Placed(payment, placement));
        return switch (placement) {
            case Placement.Placed(var payUrl, var payParams) ->
                PaymentUpdate.placed(new Payment.Access(payUrl, payParams, null));
            case Placement.Unclear(String reason) -> PaymentUpdate.unclear(reason);
            case Placement.Rejected(String reason) -> confirmRejection(payment, reason);
        };
    }

    /**
     * Charges a payer's code. A refusal counts only if the channel then has no order, or has closed it: the payer must not be charged for a payment that
     * has failed here.
     */
    PaymentUpdate charge(Payment payment, String authCode) {
        Exchange charged = exchange(() -> channel.charge(payment, authCode));
        listener.on(new PaymentsEvent.Queried(payment, charged.evidence()));
        if (!(charged.evidence() instanceof Evidence.Rejected(String refusal))) {
            return PaymentUpdate.ofRequestedCall(charged, ChangeSource.PLACEMENT);
        }
        Exchange known = query(payment);
        if (known.evidence() instanceof Evidence.Unpaid) {
            known = close(payment);
        }
        return switch (known.evidence()) {
            case Evidence.NotFound notFound -> PaymentUpdate.rejected(refusal);
            case Evidence.Closed() -> PaymentUpdate.rejected(refusal);
            case Evidence.Unknown(String reason) ->
                PaymentUpdate.unclear("refused (" + refusal + "), and then: " + reason);
            case Evidence evidence -> PaymentUpdate.ofRequestedCall(known, ChangeSource.PLACEMENT);
        };
    }

    private Placement placement(Payment payment) {
        try {
            return channel.place(payment);
        } catch (RuntimeException e) {
            listener.on(new PaymentsEvent.Defect(e));
            return new Placement.Unclear("an internal error");
        }
    }

    /**
     * Confirms a rejection by a query, because an earlier placement may have succeeded without an answer. Only a channel that reports that it has no such
     * order confirms it.
     */
    private PaymentUpdate confirmRejection(Payment payment, String rejection) {
        Exchange queried = query(payment);
        return switch (queried.evidence()) {
            case Evidence.NotFound notFound -> PaymentUpdate.rejected(rejection);
            case Evidence.Unknown(String reason) ->
                PaymentUpdate.unclear("rejected (" + rejection + "), and the query after it: " + reason);
            case Evidence evidence -> PaymentUpdate.ofRequestedCall(queried, ChangeSource.PLACEMENT);
        };
    }

    /** What is wrong with the channel or its account; empty if nothing is. */
    List<String> check() {
        try {
            return channel.check();
        } catch (RuntimeException e) {
            listener.on(new PaymentsEvent.Defect(e));
            return List.of("an internal error; see the server's log");
        }
    }

    Exchange query(Payment payment) {
        Exchange queried = exchange(() -> channel.query(payment));
        listener.on(new PaymentsEvent.Queried(payment, queried.evidence()));
        return queried;
    }

    Exchange close(Payment payment) {
        return exchange(() -> channel.close(payment));
    }

    /** Whether earlier requests of a refund can still take effect at the channel. */
    enum EarlierRequests {
        NONE,
        ENDED,
        POSSIBLY_IN_PROGRESS
    }

    /**
     * Requests a refund, possibly again. A refusal counts only if the channel then reports that it has no such refund, and no earlier request can make one.
     */
    ChannelRefunds.Exchange requestRefund(Payment payment, Refund refund, EarlierRequests earlier) {
        ChannelRefunds.Exchange asked = refundExchange(refunds -> refunds.request(payment, refund));
        listener.on(new PaymentsEvent.RefundQueried(payment, asked.evidence()));
        if (!(asked.evidence() instanceof RefundEvidence.Refused(String refusal))) {
            return asked;
        }
        ChannelRefunds.Exchange known = queryRefund(payment, refund.number());
        return switch (known.evidence()) {
            case RefundEvidence.NotFound(String reason) ->
                earlier == EarlierRequests.POSSIBLY_IN_PROGRESS
                        ? unconfirmed(asked, refusal, known, reason + ", but an earlier request may be in progress")
                        : asked;
            // Of the only request that was made, the refusal is the end.
            case RefundEvidence.NotEnded(String reason) ->
                earlier == EarlierRequests.NONE ? asked : unconfirmed(asked, refusal, known, reason);
            case RefundEvidence.Unknown(String reason) -> unconfirmed(asked, refusal, known, reason);
            case RefundEvidence evidence -> known;
        };
    }

    private static ChannelRefunds.Exchange unconfirmed(
            ChannelRefunds.Exchange asked, String refusal, ChannelRefunds.Exchange known, String reason) {
        return new ChannelRefunds.Exchange(
                new RefundEvidence.Unknown("refused (" + refusal + "), and queried: " + reason),
                asked.durationMillis() + known.durationMillis(),
                asked.answer());
    }

    ChannelRefunds.Exchange queryRefund(Payment payment, String number) {
        ChannelRefunds.Exchange asked = refundExchange(refunds -> refunds.query(payment, number));
        listener.on(new PaymentsEvent.RefundQueried(payment, asked.evidence()));
        return asked;
    }

    private ChannelRefunds.Exchange refundExchange(Function<ChannelRefunds, ChannelRefunds.Exchange> call) {
        try {
            return channel.refunds()
                    .map(call)
                    .orElseGet(() -> new ChannelRefunds.Exchange(
                            new RefundEvidence.Unknown("the channel has no refunds"), 0, null));
        } catch (RuntimeException e) {
            listener.on(new PaymentsEvent.Defect(e));
            return new ChannelRefunds.Exchange(new RefundEvidence.Unknown("an internal error"), 0, null);
        }
    }

    private Exchange exchange(Supplier<Exchange> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            listener.on(new PaymentsEvent.Defect(e));
            return new Exchange(new Evidence.Unknown("an internal error"), 0, null);
        }
    }
}
