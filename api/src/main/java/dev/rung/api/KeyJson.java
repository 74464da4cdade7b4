package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** API keys in JSON. */
final class KeyJson {
    private KeyJson() {}

    /** A new key, with its secret. */
    static JsonWriter.Content created(KeyService.Created created) {
        return g -> {
            g.writeStartObject();
            members(g, created.key());
            g.writeStringProperty("key", created.secret());
            g.writeEndObject();
        };
    }

    static JsonWriter.Content list(List<KeyStore.Key> keys) {
        return g -> JsonWriter.page(g, null, items -> {
            for (KeyStore.Key key : keys) {
                items.writeStartObject();
                members(items, key);
                items.writeEndObject();
            }
        });
    }

    private static void members(JsonGenerator g, KeyStore.Key key) {
        g.writeStringProperty("id", Ids.text(Caller.KEY_PREFIX, key.id()));
        if (key.merchant() == null) {
            g.writeStringProperty("name", key.name());
        } else {
            g.writeStringProperty("merchant_id", key.merchant().toString());
        }
        g.writeStringProperty("role", key.role().text());
        g.writeStringProperty("hint", key.hint());
        JsonWriter.time(g, "created_at", key.createdAt());
        if (key.merchant() == null) {
            JsonWriter.time(g, "expires_at", key.expiresAt());
        }
        JsonWriter.time(g, "last_used_at", key.lastUsedAt());
    }

    /**
     * Reads a role.
     *
     * @param ofMerchant whether the key is to be one of a merchant
     * @throws InvalidValueException if it is no role of such keys
     */
    static Role role(String text, boolean ofMerchant) {
        List<Role> roles = Arrays.stream(Role.values())
                .filter(role -> role.isOfMerchant() == ofMerchant)
                .toList();
        return roles.stream()
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> {
                    String known = roles.stream().map(Role::text).collect(Collectors.joining(", "));
                    return new InvalidValueException("not_one_of", "is not one of " + known, known);
                });
    }
}
