package dev.rung.api;

import dev.rung.web.ProblemAdvice;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The intake of notifications, which needs the least of the API, and the security of all of it. */
@Configuration(proxyBeanMethods = false)
@Import({
    ApiSecurityConfiguration.class,
    IntakeFilter.class,
    IntakeResponses.class,
    IntakeService.class,
    NotificationRequestReader.class,
    NotificationService.class,
    ProblemAdvice.class,
    SubmissionReader.class
})
public class IntakeConfiguration {
    /** {@code POST} to these is intake, and does not go through Spring MVC. */
    public static final List<String> PATHS = List.of(IntakeFilter.ONE, IntakeFilter.BATCH);
}
