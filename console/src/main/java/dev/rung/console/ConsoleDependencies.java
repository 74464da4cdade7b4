package dev.rung.console;

import dev.rung.api.ApiDependencies;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.web.Authenticator;
import dev.rung.web.InProcessApi;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What the console is built on.
 *
 * @param api what the API is built on: pages read through the same ports
 * @param calls the API itself, for changes
 * @param stopping opens when the server stops
 */
public record ConsoleDependencies(
        ApiDependencies api,
        InProcessApi calls,
        RecentStats pulse,
        OverviewService observatory,
        Authenticator authenticator,
        Keys keys,
        Vault vault,
        AuditLog audit,
        MetaStore meta,
        SigningKeys signingKeys,
        SecureRandom random,
        PublicExposure exposure,
        CountDownLatch stopping) {

    /**
     * The keys that let somebody in.
     *
     * @param viewer null: there is none
     */
    public record Keys(String operator, @Nullable String viewer) {
        @Override
        public String toString() {
            return "Keys[…]";
        }
    }
}
