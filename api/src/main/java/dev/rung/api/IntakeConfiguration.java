package dev.rung.api;

import dev.rung.web.ProblemAdvice;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The intake of notifications, which needs the least of the API, and the security of all of it. */
@Configuration(proxyBeanMethods = false)
@Import({
    ApiSecurityConfiguration.class,
    IntakeController.class,
    IntakeResponses.class,
    IntakeService.class,
    NotificationRequestReader.class,
    NotificationService.class,
    ProblemAdvice.class,
    SubmissionReader.class
})
public class IntakeConfiguration {}
