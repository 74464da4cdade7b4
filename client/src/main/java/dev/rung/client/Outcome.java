package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How an attempt ended. */
public enum Outcome {
    /** A complete response that acknowledges. */
    @JsonProperty("acknowledged")
    ACKNOWLEDGED,
    /** A complete response that does not. */
    @JsonProperty("declined")
    DECLINED,
    /** No complete response in time. */
    @JsonProperty("timed_out")
    TIMED_OUT,
    /** DNS, connect, TLS or a reset. */
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** Rung would not send. */
    @JsonProperty("refused")
    REFUSED,
    /** A word of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
