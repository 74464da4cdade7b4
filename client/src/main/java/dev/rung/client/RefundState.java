package dev.rung.client;

/** The state of a refund. */
public enum RefundState implements ApiValue {
    /** Requested; the channel has not reported the result. */
    PROCESSING("processing"),
    /** Refunded to the payer. */
    SUCCEEDED("succeeded"),
    /** The channel reported a final failure. */
    FAILED("failed"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    RefundState(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }

    /** Whether the state is final. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED;
    }
}
