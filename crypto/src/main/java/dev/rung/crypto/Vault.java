package dev.rung.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts (seals) secrets at rest and decrypts (opens) them: AES-256-GCM under a key derived from the master key. Thread-safe.
 *
 * <p>A sealed secret consists of a version byte, a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes. Its owner is the
 * associated data: copied to another row, it cannot be opened. Random nonces are safe for 2³² secrets under one key.
 *
 * <p>While the master key is rotated, it opens what either key sealed, and seals under the key that the database names: servers that do not know
 * the new one yet must open it.
 */
public final class Vault {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BITS / 8;

    /** By the fingerprint of the master key, the newest first. */
    private final Map<String, SecretKey> keys = new LinkedHashMap<>();

    private final Supplier<String> current;
    private final SecureRandom random;

    public Vault(MasterKey master, SecureRandom random) {
        this(MasterKeys.of(master), master::fingerprint, random);
    }

    /**
     * @param current the fingerprint of the key under which secrets are sealed now; asked only if there are two keys
     */
    public Vault(MasterKeys masters, Supplier<String> current, SecureRandom random) {
        masters.stream().forEach(master -> keys.put(master.fingerprint(), master.derive("rung sealing v1", 32)));
        this.current = current;
        this.random = random;
    }

    /** Seals a secret for its owner, such as {@code "signing key of mch_…"}. */
    public byte[] seal(String belongsTo, byte[] secret) {
        return seal(sealing(), belongsTo, secret);
    }

    private SecretKey sealing() {
        SecretKey newest = keys.values().iterator().next();
        return keys.size() == 1 ? newest : keys.getOrDefault(current.get(), newest);
    }

    private byte[] seal(SecretKey key, String belongsTo, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = new byte[secret.length + OVERHEAD];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
        try {
            cipher(Cipher.ENCRYPT_MODE, key, nonce, belongsTo)
                    .doFinal(secret, 0, secret.length, sealed, 1 + NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing the " + belongsTo + " failed", e);
        }
        return sealed;
    }

    /**
     * Opens a secret sealed by {@link #seal} for the same owner.
     *
     * @throws IllegalStateException if it was sealed under another master key, for another owner, or was altered
     */
    public byte[] open(String belongsTo, byte[] sealed) {
        for (SecretKey key : keys.values()) {
            byte[] opened = open(key, belongsTo, sealed);
            if (opened != null) {
                return opened;
            }
        }
        throw new IllegalStateException(
                "the " + belongsTo + " cannot be decrypted: it was encrypted with another master key, or altered");
    }

    /**
     * Seals a secret under the current key; returns the same array if it is sealed under it already.
     *
     * @throws IllegalStateException as for {@link #open}
     */
    public byte[] reseal(String belongsTo, byte[] sealed) {
        SecretKey key = sealing();
        return open(key, belongsTo, sealed) == null ? seal(key, belongsTo, open(belongsTo, sealed)) : sealed;
    }

    /** Null if it was sealed under another key, or altered. */
    private static byte @Nullable [] open(SecretKey key, String belongsTo, byte[] sealed) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new IllegalStateException("the " + belongsTo + " is not sealed in a form that this version knows");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES), belongsTo)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening the " + belongsTo + " failed", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String belongsTo)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(new byte[] {VERSION});
        cipher.updateAAD(belongsTo.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
