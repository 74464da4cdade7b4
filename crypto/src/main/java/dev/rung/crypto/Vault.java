package dev.rung.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts (seals) secrets at rest and decrypts (opens) them: AES-256-GCM under a key derived from the master key. Thread-safe.
 *
 * <p>A sealed secret consists of a version byte, a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes. Its owner is the
 * associated data: copied to another row, it cannot be opened. Random nonces are safe for 2³² secrets under one key.
 */
public final class Vault {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BITS / 8;

    private final SecretKey key;
    private final SecureRandom random;
    private final String fingerprint;

    public Vault(MasterKey master, SecureRandom random) {
        this.key = master.derive("rung sealing v1", 32);
        this.random = random;
        this.fingerprint = master.fingerprint();
    }

    /** Fingerprint of the master key; compared with the one stored in the database. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Seals a secret for its owner, such as {@code "signing key of mch_…"}. */
    public byte[] seal(String belongsTo, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = new byte[secret.length + OVERHEAD];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, belongsTo).doFinal(secret, 0, secret.length, sealed, 1 + NONCE_BYTES);
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
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new IllegalStateException("the " + belongsTo + " is not sealed in a form that this version knows");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES), belongsTo)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "the " + belongsTo + " does not open: it was sealed under another master key, or altered", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening the " + belongsTo + " failed", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String belongsTo) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(new byte[] {VERSION});
        cipher.updateAAD(belongsTo.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
