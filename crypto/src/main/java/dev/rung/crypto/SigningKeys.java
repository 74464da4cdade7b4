package dev.rung.crypto;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Signing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Generates merchants' signing keys and opens them for signing. Thread-safe.
 *
 * <p>Opened keys are cached for at most {@value #REMEMBERED_MAX} merchants.
 */
public final class SigningKeys {
    private static final int REMEMBERED_MAX = 10_000;

    private final Vault vault;
    private final SecureRandom random;
    private final ConcurrentMap<MerchantId, Opened> remembered = new ConcurrentHashMap<>();

    public SigningKeys(Vault vault, SecureRandom random) {
        this.vault = vault;
        this.random = random;
    }

    /** Generates a new key for a merchant. */
    public Generated generate(MerchantId merchant, Signing signing) {
        SigningKey.Text text = SigningKey.generate(signing, random);
        byte[] sealed = vault.seal(owner(merchant), text.secret().getBytes(StandardCharsets.US_ASCII));
        String shown = signing == Signing.HMAC ? text.secret() : null;
        return new Generated(signing, sealed, shown, text.publicKey());
    }

    /**
     * A new sealed key, with what the merchant needs for verification.
     *
     * @param sealed for the store
     * @param signingSecret {@code whsec_…}, shown only once; null if signing is asymmetric
     * @param publicKey {@code whpk_…}, or for {@code rsa2-form} X.509 in base64; null with HMAC
     */
    @SuppressWarnings("ArrayRecordComponent") // goes from vault to store; it is never compared
    public record Generated(
            Signing signing,
            byte[] sealed,
            @Nullable String signingSecret,
            @Nullable String publicKey) {

        /** The keys of a new merchant. */
        public Merchant.Keys alone() {
            return new Merchant.Keys(signing, sealed, publicKey, null, null);
        }

        /** The keys of a merchant whose former key signs too, until then (epoch milliseconds). */
        public Merchant.Keys after(Merchant.Keys former, long until) {
            return new Merchant.Keys(signing, sealed, publicKey, former.current(), until);
        }

        @Override
        public String toString() {
            return "Generated[" + signing.text() + "]";
        }
    }

    /**
     * The keys that are valid at that time, the current one first.
     *
     * @throws IllegalStateException if they cannot be opened
     */
    List<SigningKey> at(MerchantId merchant, Merchant.Keys keys, long now) {
        Opened opened = remembered.get(merchant);
        if (opened == null || !opened.isOf(keys)) {
            opened = open(merchant, keys);
            if (remembered.size() >= REMEMBERED_MAX) {
                // Opening a key again costs microseconds; tracking the least recently used would cost on every attempt.
                remembered.clear();
            }
            remembered.put(merchant, opened);
        }
        Long until = keys.previousUntil();
        return until != null && now < until ? opened.all : opened.current;
    }

    private Opened open(MerchantId merchant, Merchant.Keys keys) {
        SigningKey current = SigningKey.parse(vault.open(owner(merchant), keys.current()));
        byte[] previous = keys.previous();
        if (previous == null) {
            return new Opened(keys, List.of(current), List.of(current));
        }
        return new Opened(
                keys, List.of(current), List.of(current, SigningKey.parse(vault.open(owner(merchant), previous))));
    }

    private static String owner(MerchantId merchant) {
        return "signing key of " + merchant;
    }

    /** Opened keys and the sealed keys they came from. */
    private record Opened(Merchant.Keys from, List<SigningKey> current, List<SigningKey> all) {
        boolean isOf(Merchant.Keys keys) {
            return Arrays.equals(from.current(), keys.current()) && Arrays.equals(from.previous(), keys.previous());
        }
    }
}
