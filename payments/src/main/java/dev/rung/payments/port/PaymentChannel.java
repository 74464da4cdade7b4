package dev.rung.payments.port;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.RefundEvidence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open account at a bank or payment platform. Thread-safe. Every call of the gateway has a total deadline and a bounded answer, verifies the
 * gateway's signature, and never throws because of the gateway: an uncertain result is {@link Evidence.Unknown}.
 */
public interface PaymentChannel {
    /** The account's name in the API and in {@code /callbacks/{account}}. */
    String name();

    /** Called once when the server listens, before the first payment: background tasks may start. */
    default void start() {}

    /** Called once when the server begins to stop: background tasks must end. Calls in progress are completed. */
    default void stop() {}

    /** Called once after the last call: releases all resources. */
    default void close() {}

    /**
     * Checks the channel options of a payment.
     *
     * @return null if they are valid; else the fault, which continues a sentence that begins with the field's name ({@code "is not an object"}), or
     *     with a member of the field ({@code ".callback is not one of …"})
     */
    @Nullable String checkOptions(@Nullable String channelOptions);

    /**
     * Checks the subject of an order.
     *
     * @return null if the channel carries it unchanged; else the fault, which continues a sentence that begins with the field's name
     */
    default @Nullable String checkSubject(String subject) {
        return null;
    }

    /** Checks the {@code attach} of an order, like {@link #checkSubject}. */
    default @Nullable String checkAttach(String attach) {
        return null;
    }

    /** Whether an order of this method needs the payer's address. */
    default boolean needsPayerIp(PaymentMethod method) {
        return false;
    }

    /**
     * Charges the payer whose code was scanned: places an order of {@link PaymentMethod#BARCODE}. Called once per payment. Blocks.
     *
     * <p>{@link Evidence.Unpaid} while the payer confirms; {@link Evidence.Rejected} if the channel refuses the code or the order. {@link #close} later
     * cancels what never ends, and gives back what was paid.
     *
     * @param authCode the payer's code: must not be logged, stored, or repeated in a message
     */
    default Exchange charge(Payment payment, String authCode) {
        return new Exchange(new Evidence.Rejected("the channel has no barcode payments"), 0, null);
    }

    /** Places the order at the channel. A repetition for the same payment has no further effect. Blocks. Not called for barcode payments. */
    Placement place(Payment payment);

    /** The result of {@link #place}. */
    sealed interface Placement {
        /**
         * The channel waits for the payer. One of the two is given.
         *
         * @param payUrl a page, or the content of a QR code
         * @param payParams a JSON object, signed, for the payer's client
         */
        record Placed(@Nullable String payUrl, @Nullable String payParams) implements Placement {
            /** An order that is paid at this URL. */
            public Placed(String payUrl) {
                this(payUrl, null);
            }

            /** An order that the payer's client opens with this JSON object. */
            public static Placed withParams(String payParams) {
                return new Placed(null, payParams);
            }
        }

        /** The channel rejects the order and has no order of that number. If it answers that the order exists or is paid, the result is unclear. */
        record Rejected(String reason) implements Placement {}

        /** It may or may not be placed. */
        record Unclear(String reason) implements Placement {}
    }

    /** Queries the order at the channel. Blocks. */
    Exchange query(Payment payment);

    /**
     * Closes the order at the channel. Returns {@link Evidence.Paid} if it was paid before, {@link Evidence.Closed} only if the channel confirms it.
     * Blocks.
     */
    Exchange close(Payment payment);

    /**
     * The result of a call, with the answer for the timeline.
     *
     * @param answer at most 4 KiB, without secrets; null when there was none
     */
    record Exchange(
            Evidence evidence, int durationMillis, @Nullable String answer) {}

    /**
     * Sends a signed test request to the channel and checks the account's keys: what is wrong, as sentences without secrets and hosts; empty if the channel
     * answers. Blocks.
     */
    default List<String> check() {
        return List.of();
    }

    /** Its refunds; empty if it has none. */
    default Optional<ChannelRefunds> refunds() {
        return Optional.empty();
    }

    /** The headers that contain a callback's signature or are signed, in lower case. They are stored with its body, other headers are not. */
    Set<String> signatureHeaders();

    /** Verifies and reads a request to {@code /callbacks/{account}}. Changes nothing but what is known of the channel's keys, which it may fetch. */
    Callback readCallback(CallbackRequest request);

    /**
     * A request to {@code /callbacks/{account}}.
     *
     * @param headers by lower-case name
     * @param body at most 64 KiB
     * @param from the address of the sender; empty if it is not known
     */
    @SuppressWarnings("ArrayRecordComponent") // stored as received, never compared
    record CallbackRequest(
            Map<String, List<String>> headers, @Nullable String query, byte[] body, String from) {
        /** A request of an unknown sender. */
        public CallbackRequest(Map<String, List<String>> headers, @Nullable String query, byte[] body) {
            this(headers, query, body, "");
        }
    }

    /** The result of {@link #readCallback}. */
    sealed interface Callback {
        /** Signature and addressee are correct. */
        record Verified(String outTradeNo, Evidence evidence) implements Callback {}

        /** Signature and addressee are correct, and it is about nothing that Rung does: it is acknowledged and not kept. */
        record Irrelevant() implements Callback {}

        /**
         * Signature and addressee are valid; it is about a refund of this order.
         *
         * @param outTradeNo the order's number, or the channel's trade number of the order
         * @param refundNo {@link dev.rung.payments.model.Refund#number}
         * @param evidence {@link RefundEvidence.Unknown} if the channel has to be queried for its result
         */
        record VerifiedRefund(String outTradeNo, String refundNo, RefundEvidence evidence) implements Callback {}

        /** Signature, addressee or content is not valid. */
        record Unverified(String reason) implements Callback {}
    }

    /** The response that the channel expects to an accepted or refused callback. */
    Acknowledgement acknowledgement(boolean accepted);

    /** An HTTP response. */
    record Acknowledgement(int status, @Nullable String contentType, String body) {}
}
