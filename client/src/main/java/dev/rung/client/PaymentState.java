package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of a payment. */
public enum PaymentState {
    /** Stored; not yet confirmed by the channel. */
    @JsonProperty("created")
    CREATED,
    /** The channel waits for the payer. */
    @JsonProperty("paying")
    PAYING,
    /** Paid. */
    @JsonProperty("succeeded")
    SUCCEEDED,
    /** The channel reported a final failure. */
    @JsonProperty("failed")
    FAILED,
    /** Expired unpaid, or closed on request. */
    @JsonProperty("closed")
    CLOSED,
    /** A value of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN;

    /** Whether the state is final. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CLOSED;
    }
}
