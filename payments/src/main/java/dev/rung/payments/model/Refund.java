package dev.rung.payments.model;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A return of all or a part of a payment to its payer.
 *
 * @param queryId the delivery that is its compensating query; null for one made at the channel
 * @param requestedAt when the channel was last asked for it, or was about to be; null before the first request, and for one made at the channel
 * @param acceptedAt when the channel first confirmed that it has the refund; null before
 * @param channelRefundNo the channel's own number
 * @param failure why it failed: the channel's reason, or who rejected it; null unless it failed
 * @param refundedAfterFailure whether the channel has refunded it though it had failed here; the amount counts as no longer refundable
 * @param approval null if it needs none; the channel gets no request before it is given
 * @param version rises with every change; changes are conditional on it
 */
public record Refund(
        RefundId id,
        Terms terms,
        @Nullable NotificationId queryId,
        RefundState state,
        Instant createdAt,
        @Nullable Instant requestedAt,
        @Nullable Instant acceptedAt,
        @Nullable String channelRefundNo,
        @Nullable Instant refundedAt,
        @Nullable String failure,
        boolean refundedAfterFailure,
        @Nullable Approval approval,
        int version) {

    /** Without an approval. */
    public Refund(
            RefundId id,
            Terms terms,
            @Nullable NotificationId queryId,
            RefundState state,
            Instant createdAt,
            @Nullable Instant requestedAt,
            @Nullable Instant acceptedAt,
            @Nullable String channelRefundNo,
            @Nullable Instant refundedAt,
            @Nullable String failure,
            boolean refundedAfterFailure,
            int version) {
        this(
                id,
                terms,
                queryId,
                state,
                createdAt,
                requestedAt,
                acceptedAt,
                channelRefundNo,
                refundedAt,
                failure,
                refundedAfterFailure,
                null,
                version);
    }

    /**
     * What was asked for; it never changes.
     *
     * @param outTradeNo the payment's
     * @param channel the payment's
     * @param outRefundNo the merchant's number, unique with that merchant; null for a refund made at the channel
     * @param channelNumber the number under which the channel knows a refund made there; null for one made here, which it knows by its id
     * @param ladderName null for inline steps
     */
    public record Terms(
            PaymentId payment,
            MerchantId merchantId,
            String outTradeNo,
            String channel,
            @Nullable String outRefundNo,
            @Nullable String channelNumber,
            Money amount,
            @Nullable String reason,
            @Nullable String notifyUrl,
            Ladder ladder,
            @Nullable String ladderName) {}

    /** Whether another person has to approve it before the channel is asked. */
    public boolean isWaitingForApproval() {
        return state == RefundState.PROCESSING && approval != null && approval.isWaiting();
    }

    /** When its schedule begins: at its approval, else at its creation. */
    public Instant startedAt() {
        return approval == null || approval.approvedAt() == null ? createdAt : approval.approvedAt();
    }

    /** The same refund, approved. */
    public Refund withApproval(Approver by, Instant at) {
        Approval given = Objects.requireNonNull(approval, "needs no approval").given(by, at);
        return new Refund(
                id,
                terms,
                queryId,
                state,
                createdAt,
                requestedAt,
                acceptedAt,
                channelRefundNo,
                refundedAt,
                failure,
                refundedAfterFailure,
                given,
                version);
    }

    /** The number under which the channel knows it. */
    public String number() {
        return terms.channelNumber() == null ? id.toString() : terms.channelNumber();
    }

    /** The only decision about a refund: for the channel's answers, its callbacks and its queries alike. Final states never change. */
    public RefundDecision judge(RefundEvidence evidence) {
        return switch (evidence) {
            case RefundEvidence.Refunded refunded -> judgeRefunded(refunded);
            case RefundEvidence.Refused(String reason) ->
                state == RefundState.PROCESSING && acceptedAt == null ? failed(reason) : new RefundDecision.NoChange();
            case RefundEvidence.NotApproved(String reason) ->
                isWaitingForApproval() ? failed(reason) : new RefundDecision.NoChange();
            case RefundEvidence.Failed(String reason) -> judgeFailed(reason);
            case RefundEvidence.Stuck(String reason) -> judgeStuck(reason);
            // After a refusal it proves that the channel has the refund; after a failure it is an older answer.
            case RefundEvidence.Processing() ->
                state == RefundState.FAILED && acceptedAt == null
                        ? mismatch("in progress at the channel after it had been refused")
                        : new RefundDecision.NoChange();
            case RefundEvidence.NotEnded(String ignored) -> new RefundDecision.NoChange();
            case RefundEvidence.NotFound(String ignored) -> new RefundDecision.NoChange();
            case RefundEvidence.Unknown(String ignored) -> new RefundDecision.NoChange();
        };
    }

    private RefundDecision judgeRefunded(RefundEvidence.Refunded refunded) {
        if (!refunded.amount().equals(terms.amount())) {
            return new RefundDecision.Discrepancy(
                    DiscrepancyKind.AMOUNT_MISMATCH,
                    "refund of " + terms.amount().text() + " requested, "
                            + refunded.amount().text() + " refunded");
        }
        return switch (state) {
            case PROCESSING ->
                new RefundDecision.Transition(
                        RefundState.SUCCEEDED, refunded.channelRefundNo(), refunded.refundedAt(), null);
            case SUCCEEDED -> new RefundDecision.NoChange();
            case FAILED -> mismatch("refunded at the channel after it had failed here");
        };
    }

    private RefundDecision judgeStuck(String reason) {
        return switch (state) {
            case PROCESSING -> new RefundDecision.Discrepancy(DiscrepancyKind.REFUND_STUCK, reason);
            case SUCCEEDED -> new RefundDecision.NoChange();
            case FAILED -> mismatch("stuck at the channel after it had failed here: " + reason);
        };
    }

    private RefundDecision judgeFailed(String reason) {
        return switch (state) {
            case PROCESSING -> failed(reason);
            case SUCCEEDED -> mismatch("failed at the channel after it had succeeded: " + reason);
            case FAILED -> new RefundDecision.NoChange();
        };
    }

    private static RefundDecision mismatch(String detail) {
        return new RefundDecision.Discrepancy(DiscrepancyKind.REFUND_STATE_MISMATCH, detail);
    }

    private static RefundDecision failed(String reason) {
        return new RefundDecision.Transition(RefundState.FAILED, null, null, reason);
    }

    /** The same refund in the state that evidence proved. */
    public Refund moved(RefundDecision.Transition move) {
        return new Refund(
                id,
                terms,
                queryId,
                move.to(),
                createdAt,
                requestedAt,
                acceptedAt,
                move.channelRefundNo() == null ? channelRefundNo : move.channelRefundNo(),
                move.refundedAt() == null ? refundedAt : move.refundedAt(),
                move.failure(),
                refundedAfterFailure,
                approval,
                version);
    }

    /** The same refund, about to be requested at the channel again. */
    public Refund withRequested(Instant at) {
        return with(at, acceptedAt, refundedAfterFailure, version);
    }

    /** The same refund, refunded at the channel though it had failed here. */
    public Refund withRefundedAfterFailure() {
        return with(requestedAt, acceptedAt, true, version);
    }

    /** The same refund, confirmed by the channel; the first confirmation counts. */
    public Refund withAccepted(Instant at) {
        Instant first = acceptedAt == null ? at : acceptedAt;
        return with(requestedAt, first, refundedAfterFailure, version);
    }

    /** The same refund as a store keeps it under the next version. */
    public Refund withNextVersion() {
        return with(requestedAt, acceptedAt, refundedAfterFailure, version + 1);
    }

    private Refund with(@Nullable Instant requested, @Nullable Instant accepted, boolean afterFailure, int asVersion) {
        return new Refund(
                id,
                terms,
                queryId,
                state,
                createdAt,
                requested,
                accepted,
                channelRefundNo,
                refundedAt,
                failure,
                afterFailure,
                approval,
                asVersion);
    }
}
