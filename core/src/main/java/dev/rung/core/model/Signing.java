package dev.rung.core.model;

/** How notifications to a merchant are signed. The codes are stored. */
public enum Signing implements CodedEnum {
    /** Standard Webhooks v1: HMAC-SHA256. */
    HMAC(0, "hmac"),
    /** Standard Webhooks v1a: Ed25519. */
    ED25519(1, "ed25519"),
    /** Alipay's dialect: a form with {@code sign_type=RSA2}. */
    RSA2_FORM(2, "rsa2-form"),
    /** A form with {@code sign_type=MD5}. */
    MD5_FORM(3, "md5-form"),
    /** JSON with an HMAC-SHA256 in hexadecimal in a header. */
    HMAC_HEX(4, "hmac-hex");

    private final int code;
    private final String text;

    Signing(int code, String text) {
        this.code = code;
        this.text = text;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String text() {
        return text;
    }

    /** Whether the body is a form. */
    public boolean isForm() {
        return this == RSA2_FORM || this == MD5_FORM;
    }
}
