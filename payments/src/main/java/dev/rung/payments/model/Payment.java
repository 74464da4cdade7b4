package dev.rung.payments.model;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.TraceParent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's order to be paid through a channel. Its id is the order number at the channel, because a merchant's own numbers are unique only per
 * merchant.
 *
 * @param queryId the delivery of its compensating query
 * @param access how the payer opens the order, once it is placed
 * @param closeRequestedAt when its close was first requested before its expiry; null: never
 * @param funds what was paid and what of it was refunded; refunds raise the version unless the payment has succeeded: {@link #accept} depends on them
 * @param version rises with every change; changes are conditional on it
 */
public record Payment(
        PaymentId id,
        Order order,
        NotificationId queryId,
        PaymentState state,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant closeRequestedAt,
        Access access,
        @Nullable String channelTradeNo,
        @Nullable Instant paidAt,
        Funds funds,
        int version) {

    /**
     * Amounts in minor units of the order's currency.
     *
     * @param paid 0 until it is paid; what was paid after it was closed counts
     * @param refunding of refunds that have not ended
     * @param refunded of refunds that have succeeded
     * @param refundedAfterFailure of refunds that the channel has paid out though they had failed here
     */
    public record Funds(long paid, long refunding, long refunded, long refundedAfterFailure) {
        public static final Funds NONE = new Funds(0, 0, 0);

        public Funds(long paid, long refunding, long refunded) {
            this(paid, refunding, refunded, 0);
        }

        /** What can still be refunded; never negative. */
        public long refundable() {
            return Math.max(0, paid - refunding - refunded - refundedAfterFailure);
        }

        /** Whether any of it went back to the payer, or is about to. */
        public boolean isReturned() {
            return refunding > 0 || refunded > 0 || refundedAfterFailure > 0;
        }

        Funds withPaid(long amount) {
            return new Funds(amount, refunding, refunded, refundedAfterFailure);
        }
    }

    /**
     * The merchant's request; immutable.
     *
     * @param outTradeNo the merchant's number, unique per merchant
     * @param notifyUrl null: the merchant's
     * @param channelOptions for the channel, JSON; null if none were given
     * @param ladderName null for inline steps
     * @param subMerchant for whom a service provider takes it; null: the account's own
     * @param trace the trace of the request; null: none
     */
    public record Order(
            MerchantId merchantId,
            String outTradeNo,
            Money amount,
            String subject,
            String channel,
            @Nullable String notifyUrl,
            Ladder ladder,
            @Nullable String ladderName,
            @Nullable String channelOptions,
            Checkout checkout,
            @Nullable SubMerchant subMerchant,
            @Nullable TraceParent trace) {

        /** An order for the account itself that belongs to no trace. */
        public Order(
                MerchantId merchantId,
                String outTradeNo,
                Money amount,
                String subject,
                String channel,
                @Nullable String notifyUrl,
                Ladder ladder,
                @Nullable String ladderName,
                @Nullable String channelOptions,
                Checkout checkout) {
            this(
                    merchantId,
                    outTradeNo,
                    amount,
                    subject,
                    channel,
                    notifyUrl,
                    ladder,
                    ladderName,
                    channelOptions,
                    checkout,
                    null,
                    null);
        }

        public Order withSubMerchant(@Nullable SubMerchant other) {
            return new Order(
                    merchantId,
                    outTradeNo,
                    amount,
                    subject,
                    channel,
                    notifyUrl,
                    ladder,
                    ladderName,
                    channelOptions,
                    checkout,
                    other,
                    trace);
        }

        public Order withTrace(@Nullable TraceParent other) {
            return new Order(
                    merchantId,
                    outTradeNo,
                    amount,
                    subject,
                    channel,
                    notifyUrl,
                    ladder,
                    ladderName,
                    channelOptions,
                    checkout,
                    subMerchant,
                    other);
        }
    }

    /**
     * How the payer pays; immutable. The code of {@link PaymentMethod#BARCODE} is not stored.
     *
     * @param returnUrl where the payer's browser goes afterwards
     * @param payerIp the payer's address
     * @param payerId the payer's id at the channel, for {@link PaymentMethod#JSAPI}
     * @param attach comes back in the notification of the result
     */
    public record Checkout(
            PaymentMethod method,
            @Nullable String returnUrl,
            @Nullable String payerIp,
            @Nullable String payerId,
            @Nullable String attach) {

        /** A method without anything else. */
        public static Checkout by(PaymentMethod method) {
            return new Checkout(method, null, null, null, null);
        }
    }

    /**
     * How the payer's client opens the order.
     *
     * @param url a page, or the content of a QR code; null if the method has none
     * @param params a JSON object, signed, for the payer's client; null if the method has none
     * @param problem why the order is not placed yet, or why it failed; null if nothing is known to be wrong
     */
    public record Access(
            @Nullable String url,
            @Nullable String params,
            @Nullable String problem) {
        /** Not placed yet. */
        public static final Access NONE = new Access(null, null, null);

        /** Whether the payer can open it. */
        boolean isKnown() {
            return url != null || params != null;
        }
    }

    /** Whether the order has to be placed, perhaps again. The payer's code of a barcode payment is charged once. */
    public boolean isToBePlaced() {
        return !access.isKnown() && !isByBarcode();
    }

    /** A page, or the content of a QR code; null if it is not known, or the method has none. */
    public @Nullable String payUrl() {
        return access.url();
    }

    public boolean isByBarcode() {
        return order.checkout().method() == PaymentMethod.BARCODE;
    }

    /**
     * Decides the consequence of evidence, for callbacks, queries, closes and placements alike. Final states never change; success requires the
     * same amount and currency; unknown evidence changes nothing.
     */
    public Decision judge(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Paid paid -> judgePaid(paid);
            case Evidence.Rejected(String ignored) ->
                state == PaymentState.CREATED || state == PaymentState.PAYING && isByBarcode()
                        ? moveTo(PaymentState.FAILED)
                        : new Decision.NoChange();
            case Evidence.Failed(String ignored) ->
                state.isFinal() ? new Decision.NoChange() : moveTo(PaymentState.FAILED);
            case Evidence.Closed() -> state.isFinal() ? new Decision.NoChange() : moveTo(PaymentState.CLOSED);
            case Evidence.Unpaid() ->
                state == PaymentState.CREATED ? moveTo(PaymentState.PAYING) : new Decision.NoChange();
            case Evidence.NotFound(String ignored) -> new Decision.NoChange();
            case Evidence.Unknown(String ignored) -> new Decision.NoChange();
        };
    }

    private Decision judgePaid(Evidence.Paid paid) {
        if (!paid.amount().equals(order.amount())) {
            return new Decision.Discrepancy(
                    DiscrepancyKind.AMOUNT_MISMATCH,
                    "requested " + order.amount().text() + ", paid "
                            + paid.amount().text());
        }
        return switch (state) {
            case CREATED, PAYING ->
                new Decision.Transition(PaymentState.SUCCEEDED, paid.channelTradeNo(), paid.paidAt());
            case SUCCEEDED ->
                Objects.equals(channelTradeNo, paid.channelTradeNo())
                        ? new Decision.NoChange()
                        : new Decision.Discrepancy(
                                DiscrepancyKind.PAID_TWICE,
                                "paid as " + channelTradeNo + " and again as " + paid.channelTradeNo());
            case FAILED, CLOSED ->
                new Decision.Discrepancy(
                        DiscrepancyKind.PAID_AFTER_CLOSE,
                        "paid as " + paid.channelTradeNo() + " after it was " + state.text());
        };
    }

    /**
     * Decides the consequence of evidence that an operator accepts although it contradicts the payment: what was paid late, or with another amount of
     * the same currency, makes it succeed, unless any of it went back to the payer.
     */
    public Decision accept(Evidence evidence) {
        if (!(evidence instanceof Evidence.Paid paid) || state == PaymentState.SUCCEEDED || !isOfSameCurrency(paid)) {
            return judge(evidence);
        }
        return funds.isReturned()
                ? new Decision.NoChange()
                : new Decision.Transition(PaymentState.SUCCEEDED, paid.channelTradeNo(), paid.paidAt(), paid.amount());
    }

    /** Whether it has succeeded with exactly this payment. */
    public boolean isPaidBy(Evidence.Paid paid) {
        return state == PaymentState.SUCCEEDED
                && paidAmount().equals(paid.amount())
                && Objects.equals(channelTradeNo, paid.channelTradeNo());
    }

    /** Decides the consequence of evidence of money that an operator gives back: it counts as paid, and the payment does not succeed. */
    public Decision acceptForRefund(Evidence evidence) {
        if (evidence instanceof Evidence.Paid paid && isOfSameCurrency(paid)) {
            PaymentState to = state.isFinal() ? state : PaymentState.FAILED;
            return funds.paid() > 0
                    ? new Decision.NoChange()
                    : new Decision.Transition(to, paid.channelTradeNo(), paid.paidAt(), paid.amount());
        }
        return new Decision.NoChange();
    }

    private boolean isOfSameCurrency(Evidence.Paid paid) {
        return paid.amount().currency().equals(order.amount().currency());
    }

    /** What was paid; before that the amount of the order. */
    public Money paidAmount() {
        return funds.paid() == 0
                ? order.amount()
                : new Money(funds.paid(), order.amount().currency());
    }

    /** The same payment after a transition. */
    public Payment moved(Decision.Transition move) {
        String tradeNo = move.channelTradeNo() == null ? channelTradeNo : move.channelTradeNo();
        Instant paid = move.paidAt() == null ? paidAt : move.paidAt();
        Funds after = funds;
        if (move.paid() != null) {
            after = funds.withPaid(move.paid().value());
        } else if (move.to() == PaymentState.SUCCEEDED) {
            after = funds.withPaid(order.amount().value());
        }
        return new Payment(
                id,
                order,
                queryId,
                move.to(),
                createdAt,
                expiresAt,
                closeRequestedAt,
                access,
                tradeNo,
                paid,
                after,
                version);
    }

    /** The same payment, its amount received though it was closed or had failed: it can be refunded. */
    public Payment withLatePayment() {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                access,
                channelTradeNo,
                paidAt,
                funds.withPaid(order.amount().value()),
                version);
    }

    /** The same payment with another access. */
    public Payment withAccess(Access other) {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                other,
                channelTradeNo,
                paidAt,
                funds,
                version);
    }

    /** The same payment with a problem; null: without. */
    public Payment withProblem(@Nullable String problem) {
        return withAccess(new Access(access.url(), access.params(), problem));
    }

    /** The same payment with a requested close; an earlier request keeps its time. */
    public Payment withCloseRequested(Instant at) {
        Instant first = closeRequestedAt == null ? at : closeRequestedAt;
        return new Payment(
                id, order, queryId, state, createdAt, expiresAt, first, access, channelTradeNo, paidAt, funds, version);
    }

    /** The same payment with the version that the store gives it. */
    public Payment withNextVersion() {
        return new Payment(
                id,
                order,
                queryId,
                state,
                createdAt,
                expiresAt,
                closeRequestedAt,
                access,
                channelTradeNo,
                paidAt,
                funds,
                version + 1);
    }

    private static Decision moveTo(PaymentState to) {
        return new Decision.Transition(to, null, null);
    }
}
