package dev.rung.spring;

import dev.rung.client.JdbcOncePerWebhook;
import dev.rung.client.OncePerWebhook;
import dev.rung.spring.webhook.TransactionalOncePerWebhook;
import dev.rung.spring.webhook.WebhookArgumentResolver;
import dev.rung.spring.webhook.WebhookFilter;
import jakarta.servlet.Filter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The receiving side: {@code @RungWebhook} parameters. */
@AutoConfiguration(
        after = RungAutoConfiguration.class,
        // Of Spring Boot 3.5 and 4.
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({RequestMappingHandlerMapping.class, Filter.class})
public class WebhookAutoConfiguration {
    private static final int IDS_IN_MEMORY = 100_000;

    @Bean
    WebhookFilter rungWebhookFilter(
            RungProperties properties,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> handlers,
            ObjectProvider<OncePerWebhook> once) {
        RungProperties.Webhook webhook = properties.webhook();
        return new WebhookFilter(
                handlers::getObject,
                webhook.verifier(InstantSource.system()),
                once.getIfAvailable(() -> OncePerWebhook.inMemory(IDS_IN_MEMORY)),
                webhook.acknowledgement());
    }

    @Bean
    WebMvcConfigurer rungWebhookArguments() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new WebhookArgumentResolver());
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataSourceUtils.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    static class InDatabase {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
        OncePerWebhook rungOncePerWebhook(DataSource dataSource, PlatformTransactionManager transactions) {
            return new TransactionalOncePerWebhook(dataSource, transactions);
        }

        @Bean
        SmartLifecycle rungWebhookIds(DataSource dataSource, RungProperties properties) {
            return new WebhookIds(dataSource, properties.webhook());
        }
    }

    /** Creates the table of ids, if wanted, and forgets old ones. */
    private static final class WebhookIds implements SmartLifecycle {
        private static final Logger LOG = LoggerFactory.getLogger(WebhookAutoConfiguration.class);
        private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

        private final DataSource dataSource;
        private final RungProperties.Webhook properties;
        private @Nullable ScheduledExecutorService purger;

        WebhookIds(DataSource dataSource, RungProperties.Webhook properties) {
            this.dataSource = dataSource;
            this.properties = properties;
        }

        @Override
        public void start() {
            if (properties.secret().isEmpty()) {
                return;
            }
            if (OutboxAutoConfiguration.isInitialized(properties.initializeSchema(), dataSource)) {
                createTable();
            }
            purger = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "rung-webhook-ids");
                thread.setDaemon(true);
                return thread;
            });
            ScheduledFuture<?> unused =
                    purger.scheduleWithFixedDelay(this::purge, 1, PURGE_INTERVAL.toMinutes(), TimeUnit.MINUTES);
        }

        private void createTable() {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(JdbcOncePerWebhook.DDL);
            } catch (SQLException e) {
                throw new IllegalStateException("the table rung_webhook cannot be created", e);
            }
        }

        private void purge() {
            try {
                OncePerWebhook.jdbc(dataSource).deleteBefore(Instant.now().minus(properties.keepFor()));
            } catch (RuntimeException e) {
                LOG.warn("old ids in the table rung_webhook cannot be deleted", e);
            }
        }

        @Override
        public void stop() {
            if (purger != null) {
                purger.shutdownNow();
                purger = null;
            }
        }

        @Override
        public boolean isRunning() {
            return purger != null;
        }
    }
}
