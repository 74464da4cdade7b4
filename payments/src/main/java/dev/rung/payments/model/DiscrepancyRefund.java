package dev.rung.payments.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The numbers of refunds that settle a discrepancy: its id, then its id with {@code -2}, {@code -3}, … after one has failed. */
public final class DiscrepancyRefund {
    private static final char BEFORE_ATTEMPT = '-';

    private DiscrepancyRefund() {}

    /**
     * The merchant's number of such a refund.
     *
     * @param attempt counted from 1
     */
    public static String number(DiscrepancyId discrepancy, int attempt) {
        return attempt == 1 ? discrepancy.toString() : discrepancy.toString() + BEFORE_ATTEMPT + attempt;
    }

    /** The discrepancy that a refund of this number settles. */
    public static Optional<DiscrepancyId> discrepancy(@Nullable String outRefundNo) {
        if (outRefundNo == null) {
            return Optional.empty();
        }
        int end = outRefundNo.indexOf(BEFORE_ATTEMPT);
        try {
            return Optional.of(DiscrepancyId.parse(end < 0 ? outRefundNo : outRefundNo.substring(0, end)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a number of the merchant's own
        }
    }
}
