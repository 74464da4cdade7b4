package dev.rung.web;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import org.jspecify.annotations.Nullable;

/** The caller, identified by its key. */
public sealed interface Caller {
    /** The role of {@link Operator}. */
    String OPERATOR = "OPERATOR";

    /** The role of {@link Viewer}. */
    String VIEWER = "VIEWER";

    /** The role of {@link OfMerchant}. */
    String MERCHANT = "MERCHANT";

    /** Prefix of the ids of merchant keys. */
    String KEY_PREFIX = "key_";

    /** May read and change everything. */
    record Operator() implements Caller {}

    /** May read everything except secrets. */
    record Viewer() implements Caller {}

    /** Sees only the data of this merchant. */
    record OfMerchant(MerchantId merchant, long keyId) implements Caller {}

    /** The role that permissions are given to. */
    default String role() {
        return switch (this) {
            case Operator o -> OPERATOR;
            case Viewer v -> VIEWER;
            case OfMerchant m -> MERCHANT;
        };
    }

    /** The name in the audit log. */
    default String actor() {
        return switch (this) {
            case Operator o -> "operator";
            case Viewer v -> "viewer";
            case OfMerchant m -> Ids.text(KEY_PREFIX, m.keyId());
        };
    }

    /** Whether the caller sees data of this merchant. */
    default boolean sees(MerchantId owner) {
        return merchantOrNull() == null || owner.equals(merchantOrNull());
    }

    /** The merchant this caller is restricted to; null if it is not restricted. */
    default @Nullable MerchantId merchantOrNull() {
        return this instanceof OfMerchant m ? m.merchant() : null;
    }
}
