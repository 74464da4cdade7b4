package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How a merchant acknowledges. */
public enum Acknowledge {
    /** Any 2xx status. */
    @JsonProperty("2xx")
    STATUS_2XX,
    /** 2xx, and the body, trimmed, equals {@code success} ignoring case. */
    @JsonProperty("body-success")
    BODY_SUCCESS,
    /** 2xx, and the body is a JSON object whose {@code code} is {@code SUCCESS}. */
    @JsonProperty("json-code-success")
    JSON_CODE_SUCCESS,
    /** A value of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
