package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How a merchant's notifications are signed. */
public enum Signing {
    /** Standard Webhooks v1: HMAC-SHA256. */
    @JsonProperty("hmac")
    HMAC,
    /** Standard Webhooks v1a: Ed25519. */
    @JsonProperty("ed25519")
    ED25519,
    /** The Alipay dialect: a form with {@code sign_type=RSA2}, verified with Alipay's SDK. */
    @JsonProperty("rsa2-form")
    RSA2_FORM,
    /** A value of a newer server. */
    @JsonEnumDefaultValue
    UNKNOWN
}
