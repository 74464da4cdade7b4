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
 * Sets logging up, for every command: lines go to standard error, so that standard output has only what a command says. Found by
 * Logback as a service, which spares every start the reading of a file.
 *
 * <p>The JVM's property {@code rung.log.level} (such as {@code debug}) is for whoever looks into Rung itself.
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
        // Spring tells a failed start three times; whoever starts it tells it once, in words for a person.
        context.getLogger("org.springframework.boot").setLevel(Level.OFF);
        context.getLogger("org.springframework").setLevel(Level.ERROR);
        // The pool warns of every connection that a restarted database has closed; the engine says once that the store
        // is away.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // Tomcat looks for threads that an application leaves behind in a process that goes on; this one ends.
        context.getLogger("org.apache.catalina.loader.WebappClassLoaderBase").setLevel(Level.ERROR);
        context.getLogger("dev.rung").setLevel(Level.toLevel(System.getProperty("rung.log.level"), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** One JSON object a line from now on. */
    public static void useJson() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("ROOT").detachAppender(APPENDER);
            append(context, new JsonLogEncoder());
        }
    }

    /** From now on only what somebody should look into, unless the JVM's property asks for more. */
    public static void onlyWarnings() {
        if (System.getProperty("rung.log.level") == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("dev.rung").setLevel(Level.WARN);
        }
    }

    /** What libraries tell {@code java.util.logging} is logged here too. */
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
