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
 * The dependencies of the console.
 *
 * @param api the API's dependencies; pages read through the same ports
 * @param calls the API, for changes
 * @param stopping opens when the server stops
 */
public record ConsoleDependencies(
        ApiDependencies api,
        InProcessApi calls,
        RecentStats recentStats,
        OverviewService overviewService,
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
     * The keys that can sign in.
     *
     * @param viewer null if none is configured
     */
    public record Keys(String operator, @Nullable String viewer) {
        @Override
        public String toString() {
            return "Keys[…]";
        }
    }
}
