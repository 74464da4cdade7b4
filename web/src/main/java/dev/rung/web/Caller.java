package dev.rung.web;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import org.jspecify.annotations.Nullable;

/** Who calls, told by the key. */
public sealed interface Caller {
    /** What the ids of merchants' keys begin with. */
    String KEY_PREFIX = "key_";

    /** Nobody: the route asks for no key. */
    record Anyone() implements Caller {}

    /** Reads everything and changes everything. */
    record Operator() implements Caller {}

    /** Reads everything but secrets, changes nothing. */
    record Viewer() implements Caller {}

    /** Sees only what is this merchant's. */
    record OfMerchant(MerchantId merchant, long keyId) implements Caller {}

    /** How the audit log names it. */
    default String actor() {
        return switch (this) {
            case Anyone a -> "anyone";
            case Operator o -> "operator";
            case Viewer v -> "viewer";
            case OfMerchant m -> Ids.text(KEY_PREFIX, m.keyId());
        };
    }

    /** Whether what belongs to this merchant exists for the caller. */
    default boolean sees(MerchantId owner) {
        return merchantOrNull() == null || owner.equals(merchantOrNull());
    }

    /** The one merchant this caller is confined to; null: it is not confined. */
    default @Nullable MerchantId merchantOrNull() {
        return this instanceof OfMerchant m ? m.merchant() : null;
    }
}
