package dev.rung.web;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import org.jspecify.annotations.Nullable;

/**
 * The caller: the owner of a key, a person who signed in to the console by OpenID Connect, or the holder of a portal link.
 *
 * @param id of the key, {@code key_…}, of the person, {@code usr_…}, or of the link's merchant, {@code lnk_mch_…}
 * @param name in the audit log
 * @param merchant the caller sees only the data of this merchant; null if it sees the data of all
 */
public record Caller(
        Role role, String id, String name, @Nullable MerchantId merchant) {
    /** Prefix of the ids of keys. */
    public static final String KEY_PREFIX = "key_";

    /** Prefix of the ids of persons. */
    public static final String PERSON_PREFIX = "usr_";

    /** Prefix of the ids of those whom a portal link has signed in. */
    public static final String LINK_PREFIX = "lnk_";

    /** Whether a portal link has signed it in. */
    public boolean isByLink() {
        return id.startsWith(LINK_PREFIX);
    }

    /** Whether it is a person and not a key. */
    public boolean isPerson() {
        return id.startsWith(PERSON_PREFIX);
    }

    /** Whether the caller sees data of this merchant. */
    public boolean sees(MerchantId owner) {
        return merchant == null || owner.equals(merchant);
    }
}
