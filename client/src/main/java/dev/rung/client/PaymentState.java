package dev.rung.client;

/** The state of a payment. */
public enum PaymentState implements ApiValue {
    /** Stored; not yet confirmed by the channel. */
    CREATED("created"),
    /** The channel waits for the payer. */
    PAYING("paying"),
    /** Paid. */
    SUCCEEDED("succeeded"),
    /** The channel reported a final failure. */
    FAILED("failed"),
    /** Expired unpaid, or closed on request. */
    CLOSED("closed"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    PaymentState(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }

    /** Whether the state is final. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CLOSED;
    }
}
