package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.crypto.SigningKeys;
import dev.rung.observability.IntakeMetrics;
import dev.rung.observability.Readiness;
import dev.rung.observability.StreamHub;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The dependencies of the API.
 *
 * @param onLadderSaved called for each saved ladder
 * @param metrics the metrics in Prometheus text format
 */
public record ApiDependencies(
        Engine engine,
        NotificationStore store,
        NotificationCatalog catalog,
        MerchantStore merchants,
        MerchantCache directory,
        UrlCheck urls,
        NotificationRequestReader reader,
        SigningKeys signingKeys,
        ApiKeys apiKeys,
        AuditRecorder audit,
        Payments payments,
        PaymentStore paymentStore,
        RefundStore refundStore,
        StreamHub hub,
        Readiness readiness,
        IntakeMetrics intakeMetrics,
        Supplier<String> metrics,
        Consumer<Ladder> onLadderSaved,
        Ids ids,
        InstantSource clock,
        String version) {}
