package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The outcome of an attempt. */
public enum Outcome {
    /** A complete response that acknowledges. */
    @JsonProperty("acknowledged")
    ACKNOWLEDGED,
    /** A complete response that does not acknowledge. */
    @JsonProperty("declined")
    DECLINED,
    /** No complete response in time. */
    @JsonProperty("timed_out")
    TIMED_OUT,
    /** An error of DNS, connection or TLS, or a reset. */
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** Not sent, because the address is not allowed. */
    @JsonProperty("refused")
    REFUSED,
    /** A value of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
