package dev.rung.client;

/** How a merchant's notifications are signed. */
public enum Signing implements ApiValue {
    /** Standard Webhooks v1: HMAC-SHA256. */
    HMAC("hmac"),
    /** Standard Webhooks v1a: Ed25519. */
    ED25519("ed25519"),
    /** The Alipay dialect: a form with {@code sign_type=RSA2}, verified with Alipay's SDK. */
    RSA2_FORM("rsa2-form"),
    /** A value of a newer server. */
    UNKNOWN("unknown");

    private final String apiValue;

    Signing(String apiValue) {
        this.apiValue = apiValue;
    }

    @Override
    public String apiValue() {
        return apiValue;
    }
}
