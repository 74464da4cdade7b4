package dev.rung.spring;

import dev.rung.client.Retries;
import dev.rung.client.RungClient;
import dev.rung.spring.outbox.Outbox;
import dev.rung.spring.outbox.OutboxDatabase;
import dev.rung.spring.outbox.OutboxRelay;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The outbox in the application's database, and its relay. */
@AutoConfiguration(
        after = RungAutoConfiguration.class,
        // Of Spring Boot 3.5 and 4.
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(DataSourceUtils.class)
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean(RungClient.class)
@ConditionalOnProperty(name = "rung.outbox.enabled", matchIfMissing = true)
public class OutboxAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    OutboxRelay rungOutboxRelay(DataSource dataSource, RungProperties properties) {
        RungProperties.Outbox outbox = properties.outbox();
        return new OutboxRelay(
                dataSource,
                RungAutoConfiguration.client(properties).retries(Retries.NONE).build(),
                new OutboxRelay.Settings(outbox.batchSize(), outbox.pollInterval(), outbox.lease()),
                InstantSource.system());
    }

    @Bean
    @ConditionalOnMissingBean
    Outbox rungOutbox(DataSource dataSource, RungProperties properties, OutboxRelay relay) {
        return new Outbox(dataSource, properties.merchantId(), InstantSource.system(), relay::wake);
    }

    @Bean
    SmartLifecycle rungOutboxLifecycle(
            DataSource dataSource, RungProperties properties, Outbox outbox, OutboxRelay relay) {
        return new OutboxLifecycle(dataSource, properties.outbox(), outbox, relay);
    }

    /** Starts the relay after migrations of the database, and ends it before the data source is closed. */
    private static final class OutboxLifecycle implements SmartLifecycle {
        private final DataSource dataSource;
        private final RungProperties.Outbox properties;
        private final Outbox outbox;
        private final OutboxRelay relay;
        private volatile boolean running;

        OutboxLifecycle(DataSource dataSource, RungProperties.Outbox properties, Outbox outbox, OutboxRelay relay) {
            this.dataSource = dataSource;
            this.properties = properties;
            this.outbox = outbox;
            this.relay = relay;
        }

        @Override
        public void start() {
            if (isInitialized(properties.initializeSchema(), dataSource)) {
                outbox.createTable();
            }
            if (properties.relay()) {
                relay.start();
            }
            running = true;
        }

        @Override
        public void stop() {
            relay.close();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    /** Whether a table is created by the application. */
    static boolean isInitialized(RungProperties.InitializeSchema when, DataSource dataSource) {
        return switch (when) {
            case ALWAYS -> true;
            case NEVER -> false;
            case EMBEDDED -> isEmbedded(dataSource);
        };
    }

    private static boolean isEmbedded(DataSource dataSource) {
        try {
            return OutboxDatabase.of(dataSource) == OutboxDatabase.H2;
        } catch (SQLException | IllegalStateException e) {
            return false; // reported when it is used
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {
        @Bean
        MeterBinder rungOutboxMetrics(Outbox outbox, OutboxRelay relay) {
            return registry -> {
                Gauge.builder("rung.outbox.waiting", outbox, o -> o.state().waiting())
                        .description("Notifications that wait in the outbox")
                        .register(registry);
                Gauge.builder("rung.outbox.failed", outbox, o -> o.state().failed())
                        .description("Notifications that Rung refuses")
                        .register(registry);
                FunctionCounter.builder("rung.outbox.submitted", relay, OutboxRelay::submitted)
                        .description("Notifications that this process has submitted")
                        .register(registry);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Endpoint.class)
    static class Actuator {
        @Bean
        @ConditionalOnMissingBean
        OutboxEndpoint rungOutboxEndpoint(Outbox outbox) {
            return new OutboxEndpoint(outbox);
        }
    }
}
