package dev.rung.cli.doctor;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import dev.rung.queue.rabbitmq.DeadLetterStrategy;
import dev.rung.queue.rabbitmq.RabbitSettings;
import dev.rung.queue.rabbitmq.RabbitTopology;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * The broker, each host of it: reachable, new enough, taking messages, and holding what Rung declares as Rung declares it. Where Rung has
 * declared nothing yet, nothing is declared by this either.
 */
final class RabbitCheck implements Check {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAJOR_MIN = 3;
    private static final int MINOR_MIN = 10;

    private final RabbitSettings settings;

    RabbitCheck(Secret uri, Settings.DeadLetterStrategy strategy) {
        this.settings = RabbitSettings.of(uri.reveal())
                .withDeadLetterStrategy(
                        switch (strategy) {
                            case AT_LEAST_ONCE -> DeadLetterStrategy.AT_LEAST_ONCE;
                            case AT_MOST_ONCE -> DeadLetterStrategy.AT_MOST_ONCE;
                        });
    }

    @Override
    public List<CheckResult> look() {
        List<CheckResult> findings = new ArrayList<>();
        boolean declared = false;
        for (URI broker : settings.brokers()) {
            CheckResult.Sheet sheet = new CheckResult.Sheet("broker");
            String at = broker.getHost() + (broker.getPort() < 0 ? "" : ":" + broker.getPort());
            try (Connection connection = connect(broker)) {
                declared |= look(sheet, at, connection);
            } catch (PossibleAuthenticationFailureException e) {
                sheet.wrong(
                        at + " refuses the user, the password or the virtual host",
                        "see --rabbitmq-uri; rabbitmqctl list_user_permissions USER shows what is allowed");
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                sheet.wrong(
                        "nothing answers as RabbitMQ at " + at + ": " + reason(e), "start it, or mend --rabbitmq-uri");
            }
            findings.addAll(sheet.findings());
        }
        if (findings.stream().noneMatch(f -> f.level() == CheckResult.Level.WRONG)) {
            findings.addAll(topology(declared));
        }
        return findings;
    }

    /** Whether Rung has declared its queues here. */
    private static boolean look(CheckResult.Sheet sheet, String at, Connection connection) throws IOException {
        String version = String.valueOf(connection.getServerProperties().get("version"));
        if (!isNewEnough(version)) {
            sheet.wrong("RabbitMQ " + version + " at " + at, MAJOR_MIN + "." + MINOR_MIN + " or newer is needed");
            return false;
        }
        sheet.ok("RabbitMQ " + version + " at " + at);
        takesMessages(sheet, at, connection);
        long rejected = depth(connection, RabbitTopology.REJECTED).orElse(0L);
        if (rejected > 0) {
            sheet.note(
                    rejected + " submissions were invalid and are kept in " + RabbitTopology.REJECTED,
                    "their header rung-error says why; mend the producer, then purge the queue");
        }
        return depth(connection, RabbitTopology.READY).isPresent();
    }

    static boolean isNewEnough(String version) {
        String[] parts = version.split("\\D+", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            return major > MAJOR_MIN || major == MAJOR_MIN && Integer.parseInt(parts[1]) >= MINOR_MIN;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Asked by doing it, with a queue that ends with the connection. */
    private static void takesMessages(CheckResult.Sheet sheet, String at, Connection connection) {
        String queue = "rung.doctor." + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        try {
            Channel channel = connection.createChannel();
            channel.queueDeclare(queue, false, true, true, null);
            channel.confirmSelect();
            channel.basicPublish("", queue, null, new byte[0]);
            channel.waitForConfirmsOrDie(PATIENCE.toMillis());
            if (channel.basicGet(queue, true) == null) {
                sheet.wrong(at + " lost a message at once", "see the broker's log");
            }
        } catch (TimeoutException e) {
            sheet.wrong(
                    at + " takes no messages: an alarm of memory or disk blocks publishers",
                    "rabbitmq-diagnostics alarms says which; make room");
        } catch (IOException | AlreadyClosedException e) {
            sheet.wrong(
                    at + " does not let this user declare, write and read queues named rung.…: " + reason(e),
                    "rabbitmqctl set_permissions -p VHOST USER '^(rung|amq)\\.' '.*' '.*'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Long> depth(Connection connection, String queue) {
        try {
            Channel channel = connection.createChannel();
            AMQP.Queue.DeclareOk declared = channel.queueDeclarePassive(queue);
            return Optional.of((long) declared.getMessageCount());
        } catch (IOException e) {
            return Optional.empty(); // there is none
        }
    }

    private List<CheckResult> topology(boolean declared) {
        CheckResult.Sheet sheet = new CheckResult.Sheet("queues");
        if (!declared) {
            sheet.ok("none yet; the first start declares them");
            return sheet.findings();
        }
        List<String> problems = RabbitTopology.check(settings);
        problems.forEach(p -> sheet.wrong(p, "no wake goes through RabbitMQ until that is mended"));
        if (problems.isEmpty()) {
            sheet.ok("declared as they should be, "
                    + settings.deadLetterStrategy()
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-'));
        }
        return sheet.findings();
    }

    private static Connection connect(URI broker) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(broker);
            if ("amqps".equals(broker.getScheme())) {
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up", e);
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setExceptionHandler(new Silent());
        factory.setConnectionTimeout((int) PATIENCE.toMillis());
        factory.setHandshakeTimeout((int) PATIENCE.toMillis());
        factory.setChannelRpcTimeout((int) PATIENCE.toMillis());
        return factory.newConnection("rung-doctor");
    }

    /** What goes wrong is said as a finding, not as a line of a log. */
    private static final class Silent extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable e) {}
    }

    /** The broker's words, without what surrounds them. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof ShutdownSignalException signal
                && signal.getReason() instanceof AMQP.Channel.Close close) {
            return close.getReplyText();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : message;
    }
}
