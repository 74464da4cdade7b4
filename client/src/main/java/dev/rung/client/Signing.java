package dev.rung.client;

/** How a merchant's notifications are signed. */
public enum Signing implements ApiValue {
    /** Standard Webhooks v1: HMAC-SHA256. */
    HMAC("hmac"),
    /** Standard Webhooks v1a: Ed25519. */
    ED25519("ed25519"),
    /** The Alipay dialect: a form with {@code sign_type=RSA2}, verified with Alipay's SDK. */
    RSA2_FORM("rsa2-form"),
    /** A form with {@code sign_type=MD5}. */
    MD5_FORM("md5-form"),
    /** JSON with an HMAC-SHA256 in hexadecimal in a header. */
    HMAC_HEX("hmac-hex"),
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
