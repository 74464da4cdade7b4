package dev.rung.crypto;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
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
    private final SealedHeaders headers;
    private final TlsIdentities tls;
    private final AppAuthTokens appAuthTokens;
    private final ConcurrentMap<ReceiverId, Opened> remembered = new ConcurrentHashMap<>();

    public SigningKeys(Vault vault, SecureRandom random) {
        this.vault = vault;
        this.random = random;
        this.headers = new SealedHeaders(vault);
        this.tls = new TlsIdentities(vault);
        this.appAuthTokens = new AppAuthTokens(vault);
    }

    /** Generates a new key for a merchant. */
    public Generated generate(ReceiverId merchant, Signing signing) {
        return sealed(merchant, signing, SigningKey.generate(signing, random));
    }

    /**
     * Imports a key that a merchant has already: {@code whsec_…}, or for {@code rsa2-form} a private key as PKCS #8 PEM.
     *
     * @throws IllegalArgumentException if it is not one; the message continues the field's name and does not repeat it
     */
    public Generated read(ReceiverId merchant, Signing signing, String key) {
        return sealed(merchant, signing, SigningKey.read(signing, key));
    }

    private Generated sealed(ReceiverId merchant, Signing signing, SigningKey.Text text) {
        byte[] sealed = vault.seal(owner(merchant), text.secret().getBytes(StandardCharsets.US_ASCII));
        String shown = text.publicKey() == null ? text.secret() : null;
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
        public Receiver.Keys alone() {
            return Receiver.Keys.of(signing, sealed, publicKey);
        }

        /**
         * The keys after a rotation: see {@link Receiver.Keys#rotated}.
         *
         * @param now epoch milliseconds
         * @param until the old key signs too until then, epoch milliseconds
         */
        public Receiver.Keys after(Receiver.Keys former, long now, long until) {
            return former.rotated(sealed, publicKey, now, until);
        }

        @Override
        public String toString() {
            return "Generated[" + signing.text() + "]";
        }
    }

    /**
     * The keys that are valid at that time, the newest first.
     *
     * @throws IllegalStateException if they cannot be opened
     */
    List<SigningKey> at(ReceiverId merchant, Receiver.Keys keys, long now) {
        Opened opened = remembered.get(merchant);
        if (opened == null || !opened.isOf(keys)) {
            opened = open(merchant, keys);
            if (remembered.size() >= REMEMBERED_MAX) {
                // Opening a key again costs microseconds; tracking the least recently used would cost on every attempt.
                remembered.clear();
            }
            remembered.put(merchant, opened);
        }
        return opened.at(now);
    }

    private Opened open(ReceiverId merchant, Receiver.Keys keys) {
        List<SigningKey> earlier = new ArrayList<>();
        for (Receiver.EarlierKey key : keys.earlier()) {
            earlier.add(open(merchant, key.sealed()));
        }
        return new Opened(keys, open(merchant, keys.current()), List.copyOf(earlier));
    }

    private SigningKey open(ReceiverId merchant, byte[] sealed) {
        return SigningKey.parse(vault.open(owner(merchant), sealed));
    }

    /** Seals the values of a merchant's static headers. */
    public SealedHeaders headers() {
        return headers;
    }

    /** The merchant with all its secrets sealed under the current master key; equal to the one given if they are already. */
    public Merchant reseal(Merchant merchant) {
        return appAuthTokens
                .reseal(merchant)
                .withReceiver(reseal(ReceiverId.own(merchant.id()), merchant.receiver()))
                .withEndpoints(merchant.endpoints().stream()
                        .map(endpoint -> endpoint.withReceiver(
                                reseal(new ReceiverId(merchant.id(), endpoint.id()), endpoint.receiver())))
                        .toList());
    }

    private Receiver reseal(ReceiverId id, Receiver receiver) {
        Receiver.Keys keys = receiver.keys();
        return receiver.withKeys(new Receiver.Keys(
                        keys.signing(),
                        vault.reseal(owner(id), keys.current()),
                        keys.publicKey(),
                        keys.earlier().stream()
                                .map(key -> new Receiver.EarlierKey(vault.reseal(owner(id), key.sealed()), key.until()))
                                .toList()))
                .withHeaders(headers.reseal(id, receiver.headers()))
                .withTls(tls.reseal(id, receiver.tls()));
    }

    /** Seals the keys of receivers' client certificates. */
    public TlsIdentities tls() {
        return tls;
    }

    /** Seals what merchants give to a service provider. */
    public AppAuthTokens appAuthTokens() {
        return appAuthTokens;
    }

    private static String owner(ReceiverId merchant) {
        return "signing key of " + merchant;
    }

    /**
     * Opened keys and the sealed keys they came from.
     *
     * @param earlier as in {@code from}
     */
    private record Opened(Receiver.Keys from, SigningKey current, List<SigningKey> earlier) {
        boolean isOf(Receiver.Keys keys) {
            List<Receiver.EarlierKey> ours = from.earlier();
            List<Receiver.EarlierKey> theirs = keys.earlier();
            if (ours.size() != theirs.size() || !Arrays.equals(from.current(), keys.current())) {
                return false;
            }
            for (int i = 0; i < ours.size(); i++) {
                if (!ours.get(i).isSameAs(theirs.get(i))) {
                    return false;
                }
            }
            return true;
        }

        List<SigningKey> at(long now) {
            if (earlier.isEmpty()) {
                return List.of(current);
            }
            List<SigningKey> valid = new ArrayList<>();
            valid.add(current);
            for (int i = earlier.size() - 1; i >= 0; i--) {
                if (now < from.earlier().get(i).until()) {
                    valid.add(earlier.get(i));
                }
            }
            return valid;
        }
    }
}
