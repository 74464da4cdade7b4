package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a payment stands. */
public enum PaymentState {
    /** Taken down; the channel has not confirmed it yet. */
    @JsonProperty("created")
    CREATED,
    /** The channel waits for the payer. */
    @JsonProperty("paying")
    PAYING,
    /** Paid. */
    @JsonProperty("succeeded")
    SUCCEEDED,
    /** The channel said that it will not be paid. */
    @JsonProperty("failed")
    FAILED,
    /** Not paid in time, or closed on request. */
    @JsonProperty("closed")
    CLOSED,
    /** A word of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN;

    /** Whether it stays so. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CLOSED;
    }
}
