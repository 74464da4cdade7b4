package dev.rung.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 32-byte key that encrypts every secret at rest. Immutable; never printed.
 *
 * <p>It is never used directly: each purpose has its own key derived by HKDF-SHA256 (RFC 5869), so that the fingerprint stored in the
 * database reveals nothing about the encryption key.
 */
public final class MasterKey {
    static final int BYTES = 32;
    private static final int FINGERPRINT_BYTES = 16;

    private final SecretKey key;

    private MasterKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, "Generic");
    }

    static MasterKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "the master key must be 32 bytes in base64; this decodes to " + bytes.length + " bytes");
        }
        return new MasterKey(bytes);
    }

    public static MasterKey generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new MasterKey(bytes);
    }

    /**
     * Decodes a key from base64, with or without padding, in the standard or URL-safe alphabet.
     *
     * @throws IllegalArgumentException if it is not 32 bytes; the message does not repeat the text
     */
    public static MasterKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            // The cause is dropped because it contains characters of the key.
            throw new IllegalArgumentException("the master key must be 32 bytes in base64; this is not base64");
        }
        return of(bytes);
    }

    String base64() {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** Identifies the key without revealing it: 32 hexadecimal digits, safe to store and to print. */
    public String fingerprint() {
        return HexFormat.of()
                .formatHex(derive("rung fingerprint v1", FINGERPRINT_BYTES).getEncoded());
    }

    /** Derives the key for one purpose. */
    SecretKey derive(String use, int bytes) {
        try {
            var spec = HKDFParameterSpec.ofExtract()
                    .addIKM(key)
                    .thenExpand(use.getBytes(StandardCharsets.US_ASCII), bytes);
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "MasterKey[" + fingerprint() + "]";
    }
}
