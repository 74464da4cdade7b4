package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a notification stands. */
public enum NotificationState {
    /** Not yet acknowledged, attempts left. */
    @JsonProperty("waiting")
    WAITING,
    /** Acknowledged. */
    @JsonProperty("delivered")
    DELIVERED,
    /** Every attempt failed. */
    @JsonProperty("exhausted")
    EXHAUSTED,
    /** Ended by a person. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** A word of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
