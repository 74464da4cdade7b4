package dev.rung.web;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import org.jspecify.annotations.Nullable;

/**
 * The caller, identified by its key.
 *
 * @param id of the key, {@code key_…}
 * @param name of the key in the audit log
 * @param merchant the caller sees only the data of this merchant; null if it sees the data of all
 */
public record Caller(
        Role role, String id, String name, @Nullable MerchantId merchant) {
    /** Prefix of the ids of keys. */
    public static final String KEY_PREFIX = "key_";

    /** Whether the caller sees data of this merchant. */
    public boolean sees(MerchantId owner) {
        return merchant == null || owner.equals(merchant);
    }
}
