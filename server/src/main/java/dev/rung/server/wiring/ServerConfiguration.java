package dev.rung.server.wiring;

import dev.rung.alerts.AlertSender;
import dev.rung.alerts.AlertWatch;
import dev.rung.console.RecentStats;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineLimits;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.QueueProvider;
import dev.rung.core.port.Queues;
import dev.rung.core.port.Sender;
import dev.rung.core.port.WakeQueue;
import dev.rung.crypto.MasterKeys;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.delivery.http.AllowedTargets;
import dev.rung.delivery.http.EgressGuard;
import dev.rung.delivery.http.HttpSender;
import dev.rung.delivery.http.HttpSenderSettings;
import dev.rung.observability.FlowLog;
import dev.rung.observability.FlowMetrics;
import dev.rung.observability.IntakeMetrics;
import dev.rung.observability.NotificationsOnly;
import dev.rung.observability.Observers;
import dev.rung.observability.OtlpTracing;
import dev.rung.observability.ServerMetrics;
import dev.rung.observability.StandardMeters;
import dev.rung.observability.StoreSpans;
import dev.rung.observability.StreamHub;
import dev.rung.observability.Tracing;
import dev.rung.observability.TracingSender;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.queue.local.LocalTimer;
import dev.rung.queue.local.SteadyClock;
import dev.rung.server.http.ConnectionTable;
import dev.rung.settings.Settings;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The engine and what it is built on. */
@Configuration(proxyBeanMethods = false)
@Import({
    AlertsConfiguration.class,
    ChannelsConfiguration.class,
    PaymentsConfiguration.class,
    WebConfiguration.class,
    ManagementConfiguration.class,
    ConsoleConfiguration.class
})
class ServerConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConfiguration.class);

    @Bean
    Stores stores(Settings settings) {
        Stores stores = settings.storage().provider().open(settings.storage().store());
        String copied = stores.meta().get(StoreProvider.UNFINISHED_COPY).orElse(null);
        if (copied != null) {
            stores.close();
            throw new StartupException(
                    "rung migrate has not copied all of " + copied + " into this database: run it again");
        }
        return stores;
    }

    // The ports, closed with the stores.

    @Bean(destroyMethod = "")
    NotificationStore notificationStore(Stores stores) {
        return stores.notifications();
    }

    @Bean(destroyMethod = "")
    NotificationCatalog notificationCatalog(Stores stores) {
        return stores.catalog();
    }

    @Bean(destroyMethod = "")
    MerchantStore merchantStore(Stores stores) {
        return stores.merchants();
    }

    @Bean(destroyMethod = "")
    KeyStore keyStore(Stores stores) {
        return stores.keys();
    }

    @Bean(destroyMethod = "")
    PaymentStore paymentStore(Stores stores) {
        return stores.payments();
    }

    @Bean(destroyMethod = "")
    RefundStore refundStore(Stores stores) {
        return stores.refunds();
    }

    @Bean(destroyMethod = "")
    ApprovalStore approvalStore(Stores stores) {
        return stores.approvals();
    }

    @Bean(destroyMethod = "")
    ReconciliationStore reconciliationStore(Stores stores) {
        return stores.reconciliations();
    }

    @Bean(destroyMethod = "")
    MetaStore metaStore(Stores stores) {
        return stores.meta();
    }

    @Bean(destroyMethod = "")
    AuditLog auditLog(Stores stores) {
        return stores.audit();
    }

    @Bean
    PublicUrl publicUrl(Settings settings) {
        return new PublicUrl(settings);
    }

    @Bean
    SecureRandom random() {
        return new SecureRandom();
    }

    @Bean
    ServerKeys keys(Settings settings, Stores stores, SecureRandom random) {
        return ServerKeys.of(settings, stores.meta(), random);
    }

    @Bean
    LocalTimer timer() {
        return new LocalTimer();
    }

    @Bean
    SteadyClock clock(Stores stores, LocalTimer timer) {
        InstantSource reference =
                () -> Instant.ofEpochMilli(stores.notifications().now());
        SteadyClock clock = new SteadyClock(reference, ServerConfiguration::clockStepped);
        clock.follow(timer);
        return clock;
    }

    private static void clockStepped(Duration ahead) {
        LOG.atWarn()
                .addKeyValue("ahead_ms", ahead.toMillis())
                .log("the system clock was set; due times do not move, and the server's clock approaches it slowly");
    }

    @Bean
    Ids ids(SteadyClock clock, SecureRandom random, Stores stores) {
        return new Ids(
                clock,
                random,
                Math.max(stores.notifications().lastId(), stores.payments().lastId()));
    }

    @Bean
    ExecutorService executor() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("rung-flow-", 0).factory());
    }

    @Bean
    Vault vault(ServerKeys keys, Stores stores, SecureRandom random) {
        return new Vault(
                keys.master(), () -> stores.meta().get(MasterKeys.CURRENT).orElse(""), random);
    }

    @Bean
    SigningKeys signingKeys(Vault vault, SecureRandom random) {
        return new SigningKeys(vault, random);
    }

    @Bean
    SigningDialects signingDialects(Settings settings, SigningKeys signingKeys) {
        return new SigningDialects(signingKeys, settings.egress().dialects());
    }

    @Bean
    EgressGuard egressGuard(Settings settings) {
        return new EgressGuard(AllowedTargets.parse(
                settings.egress().allowTargets().stream().map(Object::toString).collect(Collectors.joining(","))));
    }

    @Bean
    Tracing tracing(Settings settings) {
        Settings.Tracing tracing = settings.tracing();
        return tracing == null
                ? Tracing.OFF
                : new OtlpTracing(
                        tracing.endpoint(),
                        tracing.serviceName(),
                        ServerVersion.text(),
                        tracing.sampler(),
                        tracing.ratio());
    }

    @Bean
    Sender sender(Settings settings, SigningKeys signingKeys, SigningDialects dialects, EgressGuard guard) {
        Settings.Egress egress = settings.egress();
        HttpSender http = new HttpSender(
                HttpSenderSettings.of(ServerVersion.text(), egress.maxInFlight(), egress.proxy()),
                signingKeys,
                dialects,
                guard);
        return new AlertSender(http, signingKeys, settings.alerts());
    }

    @Bean
    SingleServerLock singleServer(Stores stores) {
        return new SingleServerLock(stores.meta());
    }

    @Bean
    Queues queues(Settings settings, Stores stores, SingleServerLock singleServer, SteadyClock clock) {
        QueueProvider provider = settings.queue().provider();
        if (provider.isEmbedded() && !settings.storage().isEmbedded()) {
            singleServer.take(clock, pause -> LockSupport.parkNanos(pause.toNanos()));
        }
        return provider.open(settings.queueConfig(), stores.notifications(), stores.meta(), clock);
    }

    @Bean
    WakeQueue queue(Queues queues) {
        return queues.wakes();
    }

    @Bean
    PrometheusMeterRegistry registry(Stores stores) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        stores.measurePools(registry);
        StandardMeters.bindTo(registry);
        return registry;
    }

    @Bean
    StreamHub hub(SteadyClock clock) {
        return new StreamHub(clock);
    }

    @Bean
    EngineRuntime engineRuntime(LocalTimer timer, SteadyClock clock, ExecutorService executor) {
        return new EngineRuntime(timer, clock, executor);
    }

    @Bean
    MerchantCache merchantCache(Stores stores) {
        MerchantCache cache = new MerchantCache(stores.merchants());
        cache.start();
        return cache;
    }

    @Bean
    Engine engine(
            Settings settings,
            Stores stores,
            MerchantCache merchants,
            WakeQueue queue,
            EngineRuntime runtime,
            SteadyClock clock,
            Ids ids,
            StreamHub hub,
            RecentStats recentStats,
            AlertWatch alerts,
            Tracing tracing,
            PrometheusMeterRegistry registry) {
        EngineLimits limits = new EngineLimits(
                settings.egress().maxInFlight(),
                EngineLimits.DEFAULT.intakeQueue(),
                Math.min(
                        EngineLimits.DEFAULT.intakeBytes(), Runtime.getRuntime().maxMemory() / 8),
                stores.lanes());
        List<FlowListener> listeners = new ArrayList<>(List.of(
                new NotificationsOnly(new FlowMetrics(registry)),
                new FlowLog(clock),
                new NotificationsOnly(hub),
                new NotificationsOnly(recentStats),
                alerts));
        if (tracing.isOn()) {
            listeners.add(new StoreSpans(tracing));
        }
        return new Engine(
                stores.notifications(),
                merchants,
                stores.cluster(),
                queue,
                runtime,
                ids,
                limits,
                new Observers(listeners));
    }

    @Bean
    EngineLifecycle engineLifecycle(
            Settings settings,
            Engine engine,
            Sender sender,
            Payments payments,
            ChannelMonitor channels,
            Tracing tracing,
            StreamHub hub) {
        Sender routing = payments.sender(sender);
        return new EngineLifecycle(
                engine,
                tracing.isOn() ? new TracingSender(routing, tracing) : routing,
                payments,
                channels,
                hub,
                settings.drain().timeout());
    }

    @Bean
    IntakeMetrics intakeMetrics(PrometheusMeterRegistry registry) {
        return new IntakeMetrics(registry);
    }

    @Bean
    ServerMetrics serverMetrics(
            PrometheusMeterRegistry registry,
            Stores stores,
            WakeQueue queue,
            Engine engine,
            ConnectionTable connections,
            SteadyClock clock) {
        ServerMetrics metrics = new ServerMetrics(registry, stores.catalog(), queue, engine, clock);
        metrics.counter("rung.clock.steps", "Steps of the reference clock seen", clock::steps);
        metrics.counter(
                "rung.store.repeated",
                "Transactions repeated after a deadlock or a long wait for a lock",
                stores::repeatedTransactions);
        metrics.gauge(
                "rung.clock.offset.seconds",
                "How far ahead the reference clock is",
                () -> clock.offset().toNanos() / 1e9);
        // The container's usual names; it has a virtual thread for each request.
        metrics.gauge("tomcat.connections.current.connections", "Open connections", connections::open);
        metrics.gauge("tomcat.connections.config.max.connections", "Limit of open connections", connections::limit);
        metrics.gauge("tomcat.threads.busy.threads", "Requests being handled", connections::busy);
        metrics.gauge("rung.http.connections", "Open connections of clients", connections::open);
        metrics.counter(
                "rung.http.connections.overdue",
                "Connections closed because a head, a body or the reading of a response took too long",
                connections::overdue);
        metrics.counter(
                "rung.http.connections.displaced",
                "Connections closed to make room for others",
                connections::displaced);
        metrics.counter(
                "rung.http.connections.refused",
                "Connections refused, as no other could be closed for them",
                connections::refused);
        return metrics;
    }
}
