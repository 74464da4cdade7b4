package dev.rung.api;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.web.Caller;
import org.jspecify.annotations.Nullable;

/** The callers that portal links have signed in. Thread-safe. */
@FunctionalInterface
public interface PortalHolders {
    /** The caller that a link of this merchant has signed in; null once the merchant is deleted. */
    @Nullable Caller callerOf(MerchantId merchant, Role role);
}
