package dev.rung.payments.flow;

import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentChannel.Exchange;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settles discrepancies of payments by what their channel proves now: the payment becomes that, or the money goes back. Repeating it is harmless.
 * Thread-safe; methods block for the store and the channel.
 */
public final class DiscrepancySettlement {
    /** The kinds that a channel's answer about the order can settle. */
    private static final Set<DiscrepancyKind> KINDS = EnumSet.of(
            DiscrepancyKind.PAID_AFTER_CLOSE,
            DiscrepancyKind.AMOUNT_MISMATCH,
            DiscrepancyKind.UNRESOLVED,
            DiscrepancyKind.MISSING_THERE,
            DiscrepancyKind.STATE_MISMATCH);

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

    /** What a channel proves of the payment of a discrepancy. */
    public sealed interface Proof {
        /**
         * It can be settled.
         *
         * @param amount what is accepted or given back
         */
        record Given(Payment payment, Exchange exchange, Money amount) implements Proof {}

        /** The channel does not prove it, at least not now. */
        record Missing(String reason) implements Proof {}

        /** A discrepancy of this kind cannot be settled so. */
        record Impossible(String reason) implements Proof {}
    }

    /** Whether what a channel says of its payment can settle it. */
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
            return new Proof.Impossible("no payment here belongs to it");
        }
        if (!canSettle(discrepancy)) {
            return new Proof.Impossible(
                    "what the channel says of the payment does not settle a discrepancy of this kind");
        }
        GuardedChannel channel = channels.find(payment.order().channel());
        Optional<Exchange> queried =
                channel == null ? Optional.empty() : channel.callForRequest(() -> channel.query(payment));
        if (channel == null || queried.isEmpty()) {
            return new Proof.Missing("the channel cannot be asked now");
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
                    ? new Proof.Given(payment, queried, paid.amount())
                    : refundable(discrepancy, payment, queried, paid.amount());
        }
        boolean ended = queried.evidence() instanceof Evidence.Closed || queried.evidence() instanceof Evidence.Failed;
        if (acceptance == Acceptance.CHANNEL && ended && !payment.state().isFinal()) {
            return new Proof.Given(payment, queried, payment.order().amount());
        }
        return new Proof.Missing("the channel answers: " + TimelineMessages.evidence(queried.evidence()));
    }

    private Proof refundable(StoredDiscrepancy discrepancy, Payment payment, Exchange queried, Money paid) {
        Refund earlier = refundStore
                .find(payment.order().merchantId(), refundNo(discrepancy))
                .orElse(null);
        if (earlier != null) {
            return new Proof.Given(payment, queried, earlier.terms().amount());
        }
        if (payment.funds().paid() == 0) {
            return new Proof.Given(payment, queried, paid);
        }
        long left = payment.funds().refundable();
        return left == 0
                ? new Proof.Impossible("everything that was paid is refunded, or is being refunded")
                : new Proof.Given(payment, queried, new Money(left, paid.currency()));
    }

    /**
     * Settles it.
     *
     * @param line for the payment's timeline: who accepted and approved it
     * @return null if it is settled; else what the refund that should give the money back did
     */
    public @Nullable RefundResult settle(
            StoredDiscrepancy discrepancy, Acceptance acceptance, Proof.Given proof, String line) {
        Payment payment = proof.payment();
        applier.note(payment, line);
        PaymentUpdate update = PaymentUpdate.ofAcceptance(proof.exchange());
        if (acceptance == Acceptance.CHANNEL) {
            applier.apply(payment, update, Payment::accept);
            return null;
        }
        Payment paid = applier.apply(payment, update, Payment::acceptForRefund);
        RefundResult result = refunds.request(refund(discrepancy, paid, proof.amount()))
                .toCompletableFuture()
                .join();
        return result instanceof RefundResult.Accepted || result instanceof RefundResult.Repeated ? null : result;
    }

    private static RefundRequest refund(StoredDiscrepancy discrepancy, Payment payment, Money amount) {
        String number = refundNo(discrepancy);
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

    /** The discrepancy's id, so that its money goes back once. */
    private static String refundNo(StoredDiscrepancy discrepancy) {
        return discrepancy.id().toString();
    }

    /** Adds a line to the timeline of the discrepancy's payment, if it has one. */
    public void note(StoredDiscrepancy discrepancy, String line) {
        if (discrepancy.payment() != null) {
            store.find(discrepancy.payment()).ifPresent(payment -> applier.note(payment, line));
        }
    }
}
