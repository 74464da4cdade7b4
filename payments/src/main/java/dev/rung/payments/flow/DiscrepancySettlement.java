package dev.rung.payments.flow;

import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.DiscrepancyRefund;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundState;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settles discrepancies of payments with the state that their channel confirms now: the payment takes that state, or is refunded. A settlement claims its
 * discrepancy first; one that was interrupted can be repeated. Thread-safe; methods block for the store and the channel.
 */
public final class DiscrepancySettlement {
    /** The kinds that a channel's answer about the order can settle. */
    private static final Set<DiscrepancyKind> KINDS = EnumSet.of(
            DiscrepancyKind.PAID_AFTER_CLOSE,
            DiscrepancyKind.AMOUNT_MISMATCH,
            DiscrepancyKind.UNRESOLVED,
            DiscrepancyKind.MISSING_THERE,
            DiscrepancyKind.STATE_MISMATCH);

    /** Longer than a settlement takes: then it was interrupted. */
    private static final Duration CLAIMED_FOR = Duration.ofMinutes(1);

    private final PaymentStore store;
    private final RefundStore refundStore;
    private final Channels channels;
    private final EvidenceApplier applier;
    private final Refunds refunds;

    DiscrepancySettlement(
            PaymentStore store, RefundStore refundStore, Channels channels, EvidenceApplier applier, Refunds refunds) {
        this.store = store;
        this.refundStore = refundStore;
        this.channels = channels;
        this.applier = applier;
        this.refunds = refunds;
    }

    /** What a channel confirms about the payment of a discrepancy. */
    public sealed interface Proof {
        /**
         * It can be settled.
         *
         * @param amount what is accepted or refunded
         */
        record Given(Payment payment, Exchange exchange, Money amount) implements Proof {}

        /** The channel does not confirm it, at least not now. */
        record Missing(String reason) implements Proof {}

        /**
         * It cannot be settled in this way.
         *
         * @param isConflict whether the reason is the present state of the payment and not the kind of the discrepancy
         */
        record Impossible(String reason, boolean isConflict) implements Proof {
            /** Because of the kind of the discrepancy, its channel or currency. */
            public Impossible(String reason) {
                this(reason, false);
            }
        }
    }

    /** The result of {@link #settle}. */
    public sealed interface Settling {
        /** The discrepancy is resolved. */
        record Settled() implements Settling {}

        /** It was resolved, its request for approval changed, or it is being settled otherwise. Nothing was done. */
        record Taken() implements Settling {}

        /** A change in the meantime prevents it; the discrepancy stays open. */
        record Refused(String reason) implements Settling {}
    }

    /** Whether the channel's state of its payment can settle it. */
    public static boolean canSettle(StoredDiscrepancy discrepancy) {
        return KINDS.contains(discrepancy.kind())
                && discrepancy.payment() != null
                && discrepancy.subject().startsWith(discrepancy.payment().toString());
    }

    /** Queries the channel. */
    public Proof prove(StoredDiscrepancy discrepancy, Acceptance acceptance) {
        Payment payment = discrepancy.payment() == null
                ? null
                : store.find(discrepancy.payment()).orElse(null);
        if (payment == null) {
            return new Proof.Impossible("no payment in Rung belongs to it");
        }
        if (!canSettle(discrepancy)) {
            return new Proof.Impossible("the channel's state of the payment cannot settle a discrepancy of this kind");
        }
        GuardedChannel channel = channels.find(payment.order().channel());
        Optional<Exchange> queried =
                channel == null ? Optional.empty() : channel.callForRequest(() -> channel.query(payment));
        if (channel == null || queried.isEmpty()) {
            return new Proof.Missing("the channel cannot be queried now");
        }
        if (acceptance == Acceptance.REFUND && channel.unguarded().refunds().isEmpty()) {
            return new Proof.Impossible("the channel has no refunds");
        }
        return judged(discrepancy, acceptance, payment, queried.get());
    }

    private Proof judged(StoredDiscrepancy discrepancy, Acceptance acceptance, Payment payment, Exchange queried) {
        if (queried.evidence() instanceof Evidence.Paid paid) {
            if (!paid.amount().currency().equals(payment.order().amount().currency())) {
                return new Proof.Impossible(
                        "it was paid in another currency: " + paid.amount().text());
            }
            return acceptance == Acceptance.CHANNEL
                    ? acceptable(payment, queried, paid)
                    : refundable(discrepancy, payment, queried, paid.amount());
        }
        boolean ended = queried.evidence() instanceof Evidence.Closed || queried.evidence() instanceof Evidence.Failed;
        if (acceptance == Acceptance.CHANNEL && ended && !payment.state().isFinal()) {
            return new Proof.Given(payment, queried, payment.order().amount());
        }
        return new Proof.Missing("the channel answers: " + TimelineMessages.evidence(queried.evidence()));
    }

    private static Proof acceptable(Payment payment, Exchange queried, Evidence.Paid paid) {
        if (payment.funds().isReturned()) {
            return new Proof.Impossible("what was paid is refunded, or is being refunded", true);
        }
        if (payment.state() == PaymentState.SUCCEEDED && !payment.isPaidBy(paid)) {
            return new Proof.Impossible(
                    "it has succeeded with " + payment.paidAmount().text() + " as " + payment.channelTradeNo()
                            + ", and the channel answers: " + TimelineMessages.evidence(paid),
                    true);
        }
        return new Proof.Given(payment, queried, paid.amount());
    }

    private Proof refundable(StoredDiscrepancy discrepancy, Payment payment, Exchange queried, Money paid) {
        Refund earlier = refundOf(discrepancy, payment);
        if (earlier != null) {
            return new Proof.Given(payment, queried, earlier.terms().amount());
        }
        if (payment.funds().paid() == 0) {
            return new Proof.Given(payment, queried, paid);
        }
        long left = payment.funds().refundable();
        return left == 0
                ? new Proof.Impossible("everything that was paid is refunded, or is being refunded", true)
                : new Proof.Given(payment, queried, new Money(left, paid.currency()));
    }

    /** The refund that settles it, unless it has failed. */
    private @Nullable Refund refundOf(StoredDiscrepancy discrepancy, Payment payment) {
        return refundStore
                .find(payment.order().merchantId(), refundNo(discrepancy, payment))
                .orElse(null);
    }

    /** Whether the refund failed. */
    private static boolean hasFailed(Refund refund) {
        return refund.state() == RefundState.FAILED && !refund.refundedAfterFailure();
    }

    /**
     * Settles and resolves it.
     *
     * @param approved whether another person approves the request that waits; otherwise none may wait
     * @param line for the payment's timeline: who accepted and approved it
     * @param resolution how it is settled
     */
    public Settling settle(
            StoredDiscrepancy discrepancy,
            Proof.Given proof,
            boolean approved,
            String line,
            StoredDiscrepancy.Resolution resolution) {
        Acceptance acceptance = Objects.requireNonNull(resolution.accepted());
        Instant now = resolution.at();
        if (!store.claim(
                discrepancy.id(), new StoredDiscrepancy.Claim(acceptance, approved, now, now.plus(CLAIMED_FOR)))) {
            return new Settling.Taken();
        }
        applier.note(proof.payment(), line);
        String refusal = switch (acceptance) {
            case CHANNEL -> accept(proof);
            case REFUND -> giveBack(discrepancy, proof);
        };
        if (refusal != null) {
            store.release(discrepancy.id(), acceptance);
            return new Settling.Refused(refusal);
        }
        if (store.resolve(discrepancy.id(), resolution)) {
            return new Settling.Settled();
        }
        // The same call was repeated and came first; or the refund has failed, which reopened it.
        return store.discrepancy(discrepancy.id())
                        .filter(d -> d.resolution() == null)
                        .isPresent()
                ? new Settling.Refused("the refund has failed")
                : new Settling.Taken();
    }

    /** Applies the state that the channel confirmed; returns the reason if that was not possible. */
    private @Nullable String accept(Proof.Given proof) {
        Exchange exchange = proof.exchange();
        Payment now = applier.apply(proof.payment(), PaymentUpdate.ofAcceptance(exchange), Payment::accept);
        return exchange.evidence() instanceof Evidence.Paid paid && !now.isPaidBy(paid)
                ? "the payment is " + now.state().text() + ", and what was paid may be refunded"
                : null;
    }

    /** Refunds the payment; returns the reason if that was not possible. */
    private @Nullable String giveBack(StoredDiscrepancy discrepancy, Proof.Given proof) {
        Payment paid =
                applier.apply(proof.payment(), PaymentUpdate.ofAcceptance(proof.exchange()), Payment::acceptForRefund);
        RefundResult result = refunds.request(refund(discrepancy, paid, proof.amount()))
                .toCompletableFuture()
                .join();
        return switch (result) {
            case RefundResult.Accepted(Refund refund) -> failure(refund);
            case RefundResult.Repeated(Refund first) -> failure(first);
            case RefundResult.Conflicting(Refund first) ->
                "another refund has the number " + first.terms().outRefundNo();
            case RefundResult.Exceeding(Payment now) -> "the amount is no longer refundable";
        };
    }

    private static @Nullable String failure(Refund refund) {
        return hasFailed(refund) ? "the refund has failed: " + refund.failure() : null;
    }

    private RefundRequest refund(StoredDiscrepancy discrepancy, Payment payment, Money amount) {
        String number = refundNo(discrepancy, payment);
        Payment.Order order = payment.order();
        return new RefundRequest(
                payment,
                number,
                amount,
                null,
                order.notifyUrl(),
                order.ladder(),
                order.ladderName(),
                amount.text().getBytes(StandardCharsets.US_ASCII));
    }

    /** The same until a refund fails, so that the payer is refunded once. */
    private String refundNo(StoredDiscrepancy discrepancy, Payment payment) {
        int attempt = 1;
        while (true) {
            String number = DiscrepancyRefund.number(discrepancy.id(), attempt++);
            if (refundStore
                    .find(payment.order().merchantId(), number)
                    .filter(DiscrepancySettlement::hasFailed)
                    .isEmpty()) {
                return number;
            }
        }
    }

    /** Adds a line to the timeline of the discrepancy's payment, if it has one. */
    public void note(StoredDiscrepancy discrepancy, String line) {
        if (discrepancy.payment() != null) {
            store.find(discrepancy.payment()).ifPresent(payment -> applier.note(payment, line));
        }
    }
}
