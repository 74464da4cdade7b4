package dev.rung.server.wiring;

import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The channel accounts that were created by the API. They are one sealed value of the store: they are few, every server reads all of them, and a change is one
 * comparison with what was read. Thread-safe.
 */
final class StoredAccounts {
    private static final String KEY = "channel_accounts";
    private static final TypeReference<TreeMap<String, Map<String, String>>> ACCOUNTS = new TypeReference<>() {};

    private final MetaStore meta;
    private final Vault vault;
    private final JsonMapper json = JsonMapper.builder().build();

    StoredAccounts(MetaStore meta, Vault vault) {
        this.meta = meta;
        this.vault = vault;
    }

    /** The sealed value, which changes with every change of an account; empty if there never was one. */
    Optional<String> sealed() {
        return meta.get(KEY);
    }

    /** The members of each account, with its type, by its name. */
    Map<String, Map<String, String>> open(@Nullable String sealed) {
        return sealed == null
                ? new TreeMap<>()
                : json.readValue(vault.open(KEY, Base64.getDecoder().decode(sealed)), ACCOUNTS);
    }

    /**
     * Replaces the accounts.
     *
     * @param before the sealed value that was read
     * @return false if it has changed since
     */
    boolean replace(@Nullable String before, Map<String, Map<String, String>> accounts) {
        byte[] text = json.writeValueAsString(accounts).getBytes(StandardCharsets.UTF_8);
        String sealed = Base64.getEncoder().encodeToString(vault.seal(KEY, text));
        return before == null ? meta.putIfAbsent(KEY, sealed) : meta.replace(KEY, before, sealed);
    }
}
