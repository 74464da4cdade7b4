package dev.rung.server.wiring;

import dev.rung.api.IntakeConfiguration;
import dev.rung.observability.Readiness;
import dev.rung.observability.RequestTimers;
import dev.rung.server.http.RequestMeterFilter;
import dev.rung.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler.IgnoredMeters;
import io.micrometer.observation.ObservationRegistry;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** Actuator: health, log levels at run time, and the observation of requests. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    EndpointAutoConfiguration.class,
    WebEndpointAutoConfiguration.class,
    HealthContributorRegistryAutoConfiguration.class,
    HealthEndpointAutoConfiguration.class,
    WebMvcHealthEndpointExtensionAutoConfiguration.class,
    ManagementContextAutoConfiguration.class,
    ServletManagementContextAutoConfiguration.class
})
class ManagementConfiguration {
    private static final Status DEGRADED = new Status("DEGRADED");

    /** The same as {@code /ready}, in actuator's form. */
    @Bean
    HealthIndicator readinessHealthIndicator(Readiness readiness) {
        return () -> {
            Readiness.Report report = readiness.report();
            Health.Builder health = report.isServing()
                    ? Health.status(report.reasons().isEmpty() ? Status.UP : DEGRADED)
                    : Health.outOfService();
            return health.withDetail("reasons", report.reasons()).build();
        };
    }

    @Bean
    LoggersEndpoint loggersEndpoint() {
        return new LoggersEndpoint(
                new LogbackLoggingSystem(ManagementConfiguration.class.getClassLoader()), new LoggerGroups());
    }

    @Bean
    ObservationRegistry observationRegistry(MeterRegistry meters) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters, IgnoredMeters.LONG_TASK_TIMER));
        return observations;
    }

    /** Measures every request: {@code http_server_requests_seconds}. */
    @Bean
    FilterRegistrationBean<RequestMeterFilter> requestMeterFilter(
            ObservationRegistry observations, MeterRegistry meters) {
        Map<String, RequestTimers> intake = new HashMap<>();
        for (String path : IntakeConfiguration.PATHS) {
            intake.put(path, new RequestTimers(meters, "POST", path));
        }
        FilterRegistrationBean<RequestMeterFilter> filter = new FilterRegistrationBean<>(
                new RequestMeterFilter(new ServerHttpObservationFilter(observations), intake));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return filter;
    }

    /** Keeps the paths of the management port and those of the HTTP port apart. */
    @Bean
    FilterRegistrationBean<ManagementPortFilter> managementPortFilter(Settings settings) {
        Settings.Management management = settings.management();
        FilterRegistrationBean<ManagementPortFilter> filter =
                new FilterRegistrationBean<>(new ManagementPortFilter(management == null ? 0 : management.port()));
        filter.setEnabled(management != null);
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }
}
