package dev.rung.payments.port;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open account at a bank or payment platform. Thread-safe. Every call to the gateway has a total deadline and a bounded answer, verifies the gateway's
 * signature, and never throws for what the gateway does: what cannot be known is {@link Evidence.Unknown}.
 */
public interface PaymentChannel {
    /** The account's name: in the API, and in {@code /callbacks/{account}}. */
    String name();

    /** Called once when the server listens, before the first payment of a request: from now on it may act by itself. */
    default void start() {}

    /** Called once when the server begins to stop: it does nothing more by itself. Calls that are under way are still served. */
    default void stop() {}

    /** Called once after the last call: releases what it holds. */
    default void close() {}

    /**
     * Refuses options that mean nothing to this channel: the fault, going on from the field's name ({@code "is not an object"}), with a point where it goes on
     * to a member ({@code ".callback is not one of …"}); null when they are good.
     */
    @Nullable String checkOptions(@Nullable String channelOptions);

    /** Places the order at the channel. Repeating it for the same payment is harmless. Blocks. */
    Placement place(Payment payment);

    /** What came of {@link #place}. */
    sealed interface Placement {
        /** The channel waits for the payer, who pays there. */
        record Placed(String payUrl) implements Placement {}

        /** The channel will not take it, and has none of that number: the payment has failed. That it is there already, or paid, is unclear. */
        record Rejected(String reason) implements Placement {}

        /** It may or may not be placed. */
        record Unclear(String reason) implements Placement {}
    }

    /** Asks what the channel knows. Blocks. */
    Exchange query(Payment payment);

    /** Closes it at the channel. {@link Evidence.Paid} when it was paid before; {@link Evidence.Closed} only when the channel says so. Blocks. */
    Exchange close(Payment payment);

    /**
     * What was asked and what came back, for the timeline.
     *
     * @param answer at most 4 KiB, without secrets; null when there was none
     */
    record Exchange(
            Evidence evidence, int durationMillis, @Nullable String answer) {}

    /** The headers that a callback's signature is in, or depends on, in lower case: they are kept with its bytes, the others are not. */
    Set<String> signatureHeaders();

    /** Verifies and reads what came to {@code /callbacks/{account}}. Pure but for keys and the clock. */
    Callback readCallback(CallbackRequest request);

    /**
     * As it came.
     *
     * @param headers by lower-case name
     * @param body at most 64 KiB
     */
    @SuppressWarnings("ArrayRecordComponent") // kept as it came, compared by nobody
    record CallbackRequest(
            Map<String, List<String>> headers, @Nullable String query, byte[] body) {}

    /** What a callback is. */
    sealed interface Callback {
        /** Signature and addressee are right; it speaks of this order. */
        record Genuine(String outTradeNo, Evidence evidence) implements Callback {}

        /** Not to be believed. */
        record Unverified(String reason) implements Callback {}
    }

    /** What the channel wants to hear once a callback is dealt with. */
    Acknowledgement acknowledgement(boolean accepted);

    /** An HTTP answer. */
    record Acknowledgement(int status, @Nullable String contentType, String body) {}
}
