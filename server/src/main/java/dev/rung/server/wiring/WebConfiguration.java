package dev.rung.server.wiring;

import dev.rung.alerts.AlertReporter;
import dev.rung.alerts.AlertWatch;
import dev.rung.api.ApiConfiguration;
import dev.rung.api.ApiKeys;
import dev.rung.api.ApiVersion;
import dev.rung.api.AuditRecorder;
import dev.rung.api.IntakeConfiguration;
import dev.rung.api.LadderService;
import dev.rung.api.PortalLinkService;
import dev.rung.api.SubmissionReader;
import dev.rung.api.UrlCheck;
import dev.rung.console.OverviewService;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Ids;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.Queues;
import dev.rung.core.port.RejectedSubmissions;
import dev.rung.delivery.http.Cidr;
import dev.rung.delivery.http.EgressGuard;
import dev.rung.observability.IntakeMetrics;
import dev.rung.observability.Readiness;
import dev.rung.observability.ServerMetrics;
import dev.rung.observability.StreamHub;
import dev.rung.observability.Tracing;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.queue.local.SteadyClock;
import dev.rung.reconciliation.BillScheduler;
import dev.rung.server.http.ConnectionFilter;
import dev.rung.server.http.ConnectionLimits;
import dev.rung.server.http.ConnectionTable;
import dev.rung.server.http.ResponseHeaderFilter;
import dev.rung.server.http.TraceFilter;
import dev.rung.settings.AnnouncedServer;
import dev.rung.settings.DataDir;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import dev.rung.web.BodyBudget;
import dev.rung.web.BodyLimitFilter;
import dev.rung.web.LoopbackTrust;
import dev.rung.web.RefusedCalls;
import dev.rung.web.WrongKeyLimit;
import jakarta.servlet.Filter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.Ordered;

/** The HTTP API and the scheduled tasks. */
@Configuration(proxyBeanMethods = false)
@Import({MvcConfiguration.class, ApiConfiguration.class})
class WebConfiguration {
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final Duration CLOSE_OVERDUE_EVERY = Duration.ofSeconds(1);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(1);

    @Bean
    ConnectionTable connectionTable(Settings settings) {
        List<Cidr> proxies = settings.listen().trustedProxies();
        return new ConnectionTable(
                ConnectionLimits.ofProcess(address -> proxies.stream().anyMatch(network -> network.contains(address))),
                System::nanoTime);
    }

    @Bean
    TomcatServletWebServerFactory webServerFactory(Settings settings, ConnectionTable connections) {
        TomcatServletWebServerFactory factory = Tomcat.factory(settings.listen(), connections);
        if (settings.storage().isEmbedded()) {
            Tomcat.workIn(new DataDir(settings.storage().dataDir()).temporary(), factory);
        }
        if (settings.management() != null) {
            factory.addAdditionalConnectors(Tomcat.connector(settings.management(), connections));
        }
        return factory;
    }

    @Bean
    FilterRegistrationBean<ConnectionFilter> connectionFilter() {
        return first(new ConnectionFilter(), 0);
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter() {
        return first(new BodyLimitFilter(BodyBudget.ofHeap()), 1);
    }

    @Bean
    FilterRegistrationBean<ResponseHeaderFilter> responseHeaderFilter() {
        return first(new ResponseHeaderFilter(), 2);
    }

    @Bean
    FilterRegistrationBean<TraceFilter> traceFilter(Tracing tracing) {
        FilterRegistrationBean<TraceFilter> registration =
                first(new TraceFilter(tracing, IntakeConfiguration.PATHS), 3);
        registration.setEnabled(tracing.isOn());
        return registration;
    }

    /** Before every other filter, those of Spring Security among them. */
    private static <F extends Filter> FilterRegistrationBean<F> first(F filter, int place) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
        return registration;
    }

    @Bean
    TlsReloader tlsReloader(Settings settings, WebServerApplicationContext context) {
        return new TlsReloader(settings, context);
    }

    @Bean
    UrlCheck urlCheck(EgressGuard guard) {
        return url ->
                guard.check(url).map(fault -> new UrlCheck.Fault(fault.code(), fault.message(), fault.arguments()));
    }

    @Bean
    ApiKeys apiKeys(ServerKeys keys, Stores stores, Ids ids, SteadyClock clock, SecureRandom random) {
        return new ApiKeys(keys.operator(), keys.viewer(), stores.keys(), ids, clock, random);
    }

    @Bean
    StoreHealthCheck storeHealth(Stores stores, ExecutorService executor) {
        return new StoreHealthCheck(stores.notifications(), executor);
    }

    @Bean
    Readiness readiness(
            EngineLifecycle lifecycle,
            Engine engine,
            StoreHealthCheck storeHealth,
            Queues queues,
            ChannelMonitor channels,
            ServerAnnouncements servers) {
        return () -> {
            List<String> reasons = new ArrayList<>();
            switch (lifecycle.state()) {
                case STARTING -> reasons.add("the server is starting");
                case STOPPING -> reasons.add("the server is stopping");
                case RUNNING -> {}
            }
            if (!storeHealth.answers()) {
                reasons.add("the database is unreachable");
            } else if (!engine.isStoreAvailable()) {
                reasons.add("the database accepts no writes: it is full, read-only or failing");
            }
            List<String> degrading = new ArrayList<>(queues.problems());
            degrading.addAll(channels.problems());
            degrading.addAll(servers.problems());
            return new Readiness.Report(reasons, degrading);
        };
    }

    @Bean
    ServerAnnouncements serverAnnouncements(Settings settings, ServerKeys keys, Stores stores, SteadyClock clock) {
        return new ServerAnnouncements(
                stores.meta(),
                clock,
                new AnnouncedServer(
                        clock.millis(),
                        ServerVersion.text(),
                        keys.operatorFingerprint(),
                        settings.egress().allowTargets().stream()
                                .map(Object::toString)
                                .sorted()
                                .collect(Collectors.joining(",")),
                        settings.payments().queryLadder().compact(),
                        settings.payments().refundLimits().compact(),
                        keys.master().fingerprints()));
    }

    /** Ladders can be saved while the server runs; the queue prepares for their waits. */
    @Bean
    LadderService ladderService(
            MerchantStore merchants, MerchantCache merchantCache, AuditRecorder audit, Queues queues) {
        return new LadderService(merchants, merchantCache, audit, ladder -> queues.addDelays(ladder.steps()));
    }

    @Bean
    PortalLinkService.PortalAddress portalAddress(PublicUrl url) {
        return url::get;
    }

    @Bean
    ApiVersion apiVersion() {
        return new ApiVersion(ServerVersion.text());
    }

    @Bean
    WrongKeyLimit wrongKeyLimit(SteadyClock clock, ServerMetrics metrics) {
        WrongKeyLimit limit = new WrongKeyLimit(clock);
        metrics.counter("rung.keys.refused", "Calls and sign-ins with a wrong key", limit::total);
        return limit;
    }

    @Bean
    RefusedCalls refusedCalls() {
        return new RefusedCalls();
    }

    @Bean
    LoopbackTrust loopbackTrust(Settings settings) {
        return new LoopbackTrust(!settings.listen().behindProxy());
    }

    @Bean
    ScheduledTasks housekeeping(
            Settings settings,
            Stores stores,
            MerchantCache merchantCache,
            OpenChannels channels,
            StoreHealthCheck storeHealth,
            Queues queues,
            ApiKeys apiKeys,
            StreamHub hub,
            ClusterEventStream shared,
            SingleServerLock singleServer,
            ConnectionTable connections,
            RefusedCalls refused,
            ServerAnnouncements servers,
            AlertReporter alerts,
            AlertWatch alertWatch,
            Ids ids,
            OverviewService overviewService,
            BillScheduler bills,
            SteadyClock clock) {
        ScheduledTasks housekeeping = new ScheduledTasks();
        housekeeping.every(CLOSE_OVERDUE_EVERY, "overdue-connections", connections::closeOverdue);
        housekeeping.every(SingleServerLock.RENEW_EVERY, "sole-server", singleServer::renew);
        housekeeping.every(ClusterEventStream.ASK_EVERY, "shared-stream", shared::askAgain);
        housekeeping.every(
                REFRESH_EVERY,
                "delays",
                () -> queues.addDelays(merchantCache.savedLadders().values().stream()
                        .flatMap(ladder -> ladder.steps().stream())
                        .distinct()
                        .toList()));
        housekeeping.every(REFRESH_EVERY, "channels", channels::refresh);
        housekeeping.every(ApiKeys.WRITE_EVERY, "keys", () -> {
            hub.disconnectUnless(apiKeys::isValid);
            apiKeys.run();
        });
        if (alerts.format().isPresent()) {
            housekeeping.every(AlertWatch.EVERY, "alert-watch", alertWatch::run);
        }
        housekeeping.every(AlertReporter.EVERY, "alerts", alerts::run);
        housekeeping.every(OverviewService.BACKLOG_INTERVAL, "backlog", overviewService::recordBacklog);
        housekeeping.every(StoreHealthCheck.EVERY, "store-watch", storeHealth);
        housekeeping.every(BillScheduler.EVERY, "bills", bills);
        housekeeping.every(
                RefusedCallReport.EVERY, "refused-calls", new RefusedCallReport(refused, stores.audit(), ids, clock));
        if (!settings.storage().isEmbedded()) {
            housekeeping.every(ServerAnnouncements.EVERY, "server-announcements", servers);
        }
        housekeeping.every(
                PURGE_EVERY,
                "retention",
                new RetentionPurge(
                        stores.notifications(),
                        stores.payments(),
                        stores.reconciliations(),
                        stores.audit(),
                        clock,
                        settings.storage().retention(),
                        settings.storage().auditRetention(),
                        settings.storage().recordsRetention()));
        return housekeeping;
    }

    @Bean
    ClusterEventStream sharedStream(StreamHub hub, SteadyClock clock) {
        return new ClusterEventStream(hub, clock);
    }

    @Bean
    BrokerTraffic brokerTraffic(
            Queues queues,
            Engine engine,
            SubmissionReader reader,
            IntakeMetrics metrics,
            AlertWatch alerts,
            SteadyClock clock,
            Tracing tracing,
            ClusterEventStream shared) {
        RejectionLog log = new RejectionLog(clock);
        return new BrokerTraffic(
                queues,
                new AmqpIntakeHandler(
                        engine,
                        reader,
                        metrics,
                        why -> {
                            log.add(why);
                            alerts.submissionRefused(why);
                        },
                        tracing),
                shared);
    }

    @Bean
    RejectedSubmissions rejectedSubmissions(Queues queues) {
        return queues.rejectedSubmissions();
    }

    /** The whole shutdown takes no longer than {@code --drain-timeout}. */
    @Bean
    DefaultLifecycleProcessor lifecycleProcessor(Settings settings) {
        DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
        processor.setTimeoutPerShutdownPhase(
                EngineLifecycle.drainOf(settings.drain().timeout())
                        .plusMillis(500)
                        .toMillis());
        return processor;
    }
}
