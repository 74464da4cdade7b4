package dev.rung.cli;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.MasterKeys;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.settings.AnnouncedServer;
import dev.rung.store.spi.Stores;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts every secret of a database with a new master key. Interrupted at any point, it can be run again: the database names the new key and, until the end, the old one, and each secret is encrypted with one of them.
 */
final class KeyRotation {
    /** Secrets of channels, such as the simulated bank's key pair. */
    private static final String CHANNEL_SECRETS = "channel_";

    private static final int PAGE = 500;
    /** Within it a running server stores what it sealed before the database named the new key. */
    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(2);

    /** A running server announces itself more often. */
    private static final Duration ANNOUNCED_WITHIN = Duration.ofSeconds(5);

    private final Stores stores;
    private final MasterKeys keys;
    private final Vault vault;
    private final SigningKeys signingKeys;
    private int resealed;

    /**
     * @param known the keys that servers are started with
     * @param next the new key; null: the unfinished rotation's, or a generated one
     * @throws CommandFailed if the secrets are sealed under none of the known keys
     */
    KeyRotation(Stores stores, MasterKeys known, @Nullable MasterKey next, SecureRandom random) {
        this.stores = stores;
        MetaStore meta = stores.meta();
        String current = meta.get(MasterKeys.CURRENT)
                .orElseThrow(() -> new CommandFailed("no server has used this database: it has no secrets"));
        String former = meta.get(MasterKeys.FORMER).orElse("");
        MasterKey newer = next != null
                ? next
                : former.isEmpty()
                        ? MasterKey.generate(random)
                        : known.find(current).orElseThrow(() -> unknown(current));
        String sealing = newer.fingerprint().equals(current) && !former.isEmpty() ? former : current;
        MasterKey older = sealing.equals(newer.fingerprint())
                ? newer
                : known.find(sealing).orElseThrow(() -> unknown(sealing));
        if (!former.isEmpty() && !newer.fingerprint().equals(current)) {
            throw new CommandFailed("a rotation to the key with the fingerprint " + current
                    + " is not finished: finish it first, with that key");
        }
        this.keys = MasterKeys.of(newer, older);
        this.vault = new Vault(keys, newer::fingerprint, random);
        this.signingKeys = new SigningKeys(vault, random);
    }

    private static CommandFailed unknown(String fingerprint) {
        return new CommandFailed(
                "the secrets are encrypted with another master key than the one given: its fingerprint is "
                        + fingerprint);
    }

    /** The new key and the one before. */
    MasterKeys keys() {
        return keys;
    }

    /** Seals all secrets again; returns how many. */
    int run() {
        MetaStore meta = stores.meta();
        checkServers(meta);
        meta.put(MasterKeys.FORMER, keys.fingerprints().getLast());
        meta.put(MasterKeys.CURRENT, keys.newest().fingerprint());
        pass();
        int before;
        do {
            before = resealed;
            LockSupport.parkNanos(BETWEEN_PASSES.toNanos());
            pass();
        } while (resealed != before);
        meta.put(MasterKeys.FORMER, "");
        return resealed;
    }

    /**
     * Checks that every running server knows the new key. One runs if it renews its announcement.
     *
     * @throws CommandFailed if one does not know it
     */
    private void checkServers(MetaStore meta) {
        Map<String, String> announced = announcements(meta);
        if (announced.isEmpty()) {
            return;
        }
        LockSupport.parkNanos(ANNOUNCED_WITHIN.toNanos());
        announcements(meta).forEach((key, text) -> {
            boolean runs = !text.equals(announced.get(key));
            boolean knows = AnnouncedServer.parse(text)
                    .map(server -> server.masterKeys().contains(keys.newest().fingerprint()))
                    .orElse(false);
            if (runs && !knows) {
                throw new CommandFailed(
                        "a server that uses this database does not know the new key: restart every server"
                                + " with a key file that contains the new key and the old one, in this order");
            }
        });
    }

    private static Map<String, String> announcements(MetaStore meta) {
        Map<String, String> announced = new HashMap<>();
        meta.keys(AnnouncedServer.KEY_PREFIX).forEach(key -> meta.get(key).ifPresent(text -> announced.put(key, text)));
        return announced;
    }

    private void pass() {
        @Nullable MerchantId last = null;
        List<Merchant> page;
        do {
            page = stores.merchants().list(last, PAGE);
            for (Merchant merchant : page) {
                if (!signingKeys.reseal(merchant).equals(merchant)) {
                    stores.merchants().update(merchant.id(), signingKeys::reseal);
                    resealed++;
                }
                last = merchant.id();
            }
        } while (page.size() == PAGE);
        stores.meta().keys(CHANNEL_SECRETS).forEach(this::channelSecret);
    }

    private void channelSecret(String key) {
        Optional<String> value = stores.meta().get(key);
        value.ifPresent(text -> {
            byte[] sealed = Base64.getDecoder().decode(text);
            byte[] now = vault.reseal(key, sealed);
            if (!Arrays.equals(now, sealed)
                    && stores.meta().replace(key, text, Base64.getEncoder().encodeToString(now))) {
                resealed++;
            }
        });
    }
}
