package dev.rung.observability;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Configures logging for all commands: logs go to standard error, so that standard output has only the command's output. Found by Logback as a
 * service, which is faster than a configuration file.
 *
 * <p>The system property {@code rung.log.level} (such as {@code debug}) sets the level.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String APPENDER = "stderr";
    private static final String TEXT = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg %kvp{NONE}%n%ex";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(TEXT);
        append(context, text);
        context.getLogger("ROOT").setLevel(Level.WARN);
        // Spring logs a failed start three times; the launcher reports it once.
        context.getLogger("org.springframework.boot").setLevel(Level.OFF);
        context.getLogger("org.springframework").setLevel(Level.ERROR);
        // The pool warns for each connection that a restarted database closed; the engine logs the outage once.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // The driver logs every error that it throws, with the values in it.
        context.getLogger("org.mariadb.jdbc").setLevel(Level.OFF);
        // Tomcat warns of threads that outlive the application; here the process ends.
        context.getLogger("org.apache.catalina.loader.WebappClassLoaderBase").setLevel(Level.ERROR);
        context.getLogger("dev.rung").setLevel(Level.toLevel(System.getProperty("rung.log.level"), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Switches to JSON, one object a line. */
    public static void useJson() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("ROOT").detachAppender(APPENDER);
            append(context, new JsonLogEncoder());
        }
    }

    /** Raises the level to WARN, unless the system property is set. */
    public static void onlyWarnings() {
        if (System.getProperty("rung.log.level") == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("dev.rung").setLevel(Level.WARN);
        }
    }

    /** Redirects {@code java.util.logging}. */
    public static void bridgeJavaLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void append(LoggerContext context, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setName(APPENDER);
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
    }
}
