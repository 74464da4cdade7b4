package dev.rung.crypto.dialect;

/** A receiver's signing key. Thread-safe. */
public interface DialectKey {
    /** Signs the concatenation of the parts: with HMAC-SHA256, or as the asymmetric key does. */
    byte[] sign(byte[]... parts);

    /**
     * The secret, for dialects that do not sign with HMAC-SHA256: the bytes that {@code whsec_…} decodes to.
     *
     * @throws IllegalStateException if the key is asymmetric
     */
    byte[] secret();
}
