package dev.rung.alerts;

/**
 * A key or a certificate that expires.
 *
 * @param subject its name, after {@link #KEY} or {@link #CERTIFICATE}
 * @param at epoch milliseconds
 */
public record Expiry(String subject, long at) {
    static final String KEY = "key:";
    static final String CERTIFICATE = "certificate:";

    /** It and the time: keys of one name expire one after another. */
    String condition() {
        return at + "_" + subject;
    }

    public static Expiry ofKey(String name, long at) {
        return new Expiry(KEY + name, at);
    }

    public static Expiry ofCertificate(String name, long at) {
        return new Expiry(CERTIFICATE + name, at);
    }
}
