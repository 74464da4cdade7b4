package dev.rung.core.model;

/**
 * How notifications to a receiver are signed: the name of a dialect, which is stored. Plugins bring further ones.
 *
 * @param text its value in the API
 */
public record Signing(String text) {
    /** Standard Webhooks v1: HMAC-SHA256. */
    public static final Signing HMAC = new Signing("hmac");
    /** Standard Webhooks v1a: Ed25519. */
    public static final Signing ED25519 = new Signing("ed25519");
    /** Alipay's dialect: a form with {@code sign_type=RSA2}. */
    public static final Signing RSA2_FORM = new Signing("rsa2-form");
    /** A form with {@code sign_type=MD5}. */
    public static final Signing MD5_FORM = new Signing("md5-form");
    /** JSON with an HMAC-SHA256 in hexadecimal in a header. */
    public static final Signing HMAC_HEX = new Signing("hmac-hex");

    /** Whether the body is a form. */
    public boolean isForm() {
        return equals(RSA2_FORM) || equals(MD5_FORM);
    }

    @Override
    public String toString() {
        return text;
    }
}
