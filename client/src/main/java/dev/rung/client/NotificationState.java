package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of a notification. */
public enum NotificationState {
    /** Not acknowledged yet, attempts left. */
    @JsonProperty("waiting")
    WAITING,
    /** Acknowledged. */
    @JsonProperty("delivered")
    DELIVERED,
    /** All attempts failed. */
    @JsonProperty("exhausted")
    EXHAUSTED,
    /** Cancelled by an operator. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** A value of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
