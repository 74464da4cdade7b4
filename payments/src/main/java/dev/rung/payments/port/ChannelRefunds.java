package dev.rung.payments.port;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import org.jspecify.annotations.Nullable;

/** The refunds of a {@link PaymentChannel}, under the same rules as its payments. */
public interface ChannelRefunds {
    /** Asks for a refund under {@link Refund#number}. Repeating it for the same refund is harmless. Blocks. */
    Exchange request(Payment payment, Refund refund);

    /**
     * Asks what the channel knows of a refund. Blocks.
     *
     * @param number {@link Refund#number}
     */
    Exchange query(Payment payment, String number);

    /**
     * What was asked and what came back, for the timeline.
     *
     * @param answer at most 4 KiB, without secrets; null when there was none
     */
    record Exchange(
            RefundEvidence evidence,
            int durationMillis,
            @Nullable String answer) {}
}
