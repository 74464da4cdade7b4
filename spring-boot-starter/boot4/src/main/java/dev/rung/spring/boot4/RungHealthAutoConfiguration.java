package dev.rung.spring.boot4;

import dev.rung.client.Readiness;
import dev.rung.spring.RungAutoConfiguration;
import dev.rung.spring.RungStatus;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health indicator {@code rung}: up if a server takes requests. */
@AutoConfiguration(after = RungAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(RungStatus.class)
public class RungHealthAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "rungHealthIndicator")
    HealthIndicator rungHealthIndicator(RungStatus status) {
        return () -> {
            Readiness readiness = status.check();
            return (readiness.accepts() ? Health.up() : Health.down())
                    .withDetail("status", readiness.status())
                    .withDetail("reasons", readiness.reasons())
                    .build();
        };
    }
}
