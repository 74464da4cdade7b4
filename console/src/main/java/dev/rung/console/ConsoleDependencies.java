package dev.rung.console;

import dev.rung.api.ApiVersion;
import dev.rung.api.DiscrepancyService;
import dev.rung.api.LadderService;
import dev.rung.api.MerchantCache;
import dev.rung.api.MerchantKeyService;
import dev.rung.api.MerchantService;
import dev.rung.api.PaymentService;
import dev.rung.api.RefundService;
import dev.rung.api.ResendService;
import dev.rung.api.TestNotificationService;
import dev.rung.api.Timeline;
import dev.rung.core.flow.Engine;
import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.Authenticator;
import dev.rung.web.WrongKeyLimit;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The dependencies of the console. Pages read through the ports and make all changes through the API's services.
 *
 * @param stopping opens when the server stops
 */
public record ConsoleDependencies(
        Engine engine,
        NotificationStore store,
        NotificationCatalog catalog,
        MerchantStore merchants,
        MerchantCache directory,
        Set<String> channels,
        PaymentStore paymentStore,
        Timeline timeline,
        MerchantService merchantService,
        MerchantKeyService keyService,
        TestNotificationService tests,
        LadderService ladders,
        ResendService resends,
        PaymentService payments,
        RefundService refunds,
        DiscrepancyService discrepancies,
        Ids ids,
        InstantSource clock,
        ApiVersion version,
        RecentStats recentStats,
        OverviewService overviewService,
        Authenticator authenticator,
        WrongKeyLimit wrongKeys,
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
