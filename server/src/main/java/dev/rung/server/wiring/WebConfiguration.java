package dev.rung.server.wiring;

import dev.rung.adapter.crypto.SigningKeys;
import dev.rung.adapter.local.SteadyClock;
import dev.rung.core.flow.Engine;
import dev.rung.core.model.Ids;
import dev.rung.core.port.WakeQueue;
import dev.rung.payments.flow.Payments;
import dev.rung.server.api.Api;
import dev.rung.server.api.ApiKeys;
import dev.rung.server.api.Audit;
import dev.rung.server.api.Directory;
import dev.rung.server.api.NotificationReader;
import dev.rung.server.api.Parts;
import dev.rung.server.console.Observatory;
import dev.rung.server.http.ApiServlet;
import dev.rung.server.http.BodyBudget;
import dev.rung.server.http.Routes;
import dev.rung.server.observe.IntakeMetrics;
import dev.rung.server.observe.Readiness;
import dev.rung.server.observe.ServerMetrics;
import dev.rung.server.observe.StreamHub;
import dev.rung.server.settings.Settings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;

/** The HTTP API, and what is done beside the calls. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(1);

    @Bean
    TomcatServletWebServerFactory webServerFactory(Settings settings) {
        return Tomcat.factory(settings.listen());
    }

    @Bean
    Directory directory(Stores stores) {
        Directory directory = new Directory(stores.merchants());
        directory.start();
        return directory;
    }

    @Bean
    NotificationReader notificationReader(Directory directory, Stores stores, SteadyClock clock) {
        return new NotificationReader(directory, stores.catalog(), clock);
    }

    @Bean
    ApiKeys apiKeys(Keys keys, Stores stores, SteadyClock clock, SecureRandom random) {
        return new ApiKeys(keys.operator(), keys.viewer(), stores.merchants(), clock, random);
    }

    @Bean
    StoreWatch storeWatch(Stores stores, ExecutorService executor) {
        return new StoreWatch(stores.notifications(), executor);
    }

    @Bean
    Readiness readiness(EngineLifecycle lifecycle, Engine engine, StoreWatch storeWatch, WakeQueue queue) {
        return () -> {
            List<String> reasons = new ArrayList<>();
            switch (lifecycle.state()) {
                case STARTING -> reasons.add("the server is starting");
                case STOPPING -> reasons.add("the server is stopping");
                case RUNNING -> {}
            }
            if (!storeWatch.answers()) {
                reasons.add("the database is away");
            } else if (!engine.isStoreAvailable()) {
                reasons.add("the database takes nothing: it is full, read-only or failing");
            }
            Queues.problem(queue).ifPresent(reasons::add);
            return reasons;
        };
    }

    @Bean
    Parts parts(
            Engine engine,
            Payments payments,
            Stores stores,
            Directory directory,
            NotificationReader reader,
            SigningKeys signingKeys,
            ApiKeys apiKeys,
            StreamHub hub,
            Readiness readiness,
            IntakeMetrics intakeMetrics,
            ServerMetrics metrics,
            WakeQueue queue,
            Ids ids,
            SteadyClock clock) {
        return new Parts(
                engine,
                stores.notifications(),
                stores.catalog(),
                stores.merchants(),
                directory,
                reader,
                signingKeys,
                apiKeys,
                new Audit(stores.audit(), ids, clock),
                payments,
                stores.payments(),
                hub,
                readiness,
                intakeMetrics,
                metrics::scrape,
                ladder -> Queues.addLadders(queue, List.of(ladder)),
                ids,
                clock,
                Version.text());
    }

    @Bean
    Routes routes(Parts parts) {
        return Api.routes(parts);
    }

    @Bean
    ServletRegistrationBean<ApiServlet> apiServlet(Settings settings, Routes routes, ApiKeys apiKeys) {
        ApiServlet servlet = new ApiServlet(
                routes, apiKeys, BodyBudget.ofHeap(), !settings.listen().behindProxy());
        ServletRegistrationBean<ApiServlet> registration = new ServletRegistrationBean<>(servlet, "/");
        registration.setLoadOnStartup(1);
        return registration;
    }

    @Bean
    Housekeeping housekeeping(
            Settings settings,
            Stores stores,
            Directory directory,
            StoreWatch storeWatch,
            WakeQueue queue,
            SharedStream shared,
            SoleServer soleServer,
            Observatory observatory,
            SteadyClock clock) {
        Housekeeping housekeeping = new Housekeeping();
        housekeeping.every(SoleServer.RENEW_EVERY, "sole-server", soleServer::renew);
        housekeeping.every(SharedStream.ASK_EVERY, "shared-stream", shared::askAgain);
        housekeeping.every(REFRESH_EVERY, "directory", () -> {
            directory.refresh();
            Queues.addLadders(queue, directory.saved().values());
        });
        housekeeping.every(Observatory.NOTE_EVERY, "backlog", observatory::note);
        housekeeping.every(StoreWatch.EVERY, "store-watch", storeWatch);
        housekeeping.every(
                PURGE_EVERY,
                "retention",
                new Retention(
                        stores.notifications(),
                        stores.payments(),
                        clock,
                        settings.storage().retention()));
        return housekeeping;
    }

    @Bean
    SharedStream sharedStream(StreamHub hub, SteadyClock clock) {
        return new SharedStream(hub, clock);
    }

    @Bean
    BrokerTraffic brokerTraffic(
            Settings settings, Engine engine, NotificationReader reader, IntakeMetrics metrics, SharedStream shared) {
        return new BrokerTraffic(Queues.rabbit(settings), new Submissions(engine, reader, metrics), shared);
    }

    /** All phases of stopping together are to be over within ten seconds. */
    @Bean
    DefaultLifecycleProcessor lifecycleProcessor() {
        DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
        processor.setTimeoutPerShutdownPhase(
                EngineLifecycle.DRAIN.plusMillis(500).toMillis());
        return processor;
    }
}
