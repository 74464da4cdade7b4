package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import dev.rung.core.port.CheckResult;
import dev.rung.core.port.DeadLetterStrategy;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Checks every broker host: reachable, supported version, accepts messages, queues declared with Rung's arguments. Declares nothing if Rung
 * has not declared anything yet.
 */
final class RabbitCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAJOR_MIN = 3;
    private static final int MINOR_MIN = 10;

    private final RabbitSettings settings;

    RabbitCheck(RabbitSettings settings) {
        this.settings = settings;
    }

    List<CheckResult> run() {
        List<CheckResult> findings = new ArrayList<>();
        boolean declared = false;
        for (URI broker : settings.brokers()) {
            CheckResult.Report report = new CheckResult.Report("broker");
            String at = RabbitSettings.shown(broker);
            try (Connection connection = connect(broker)) {
                declared |= host(report, at, connection);
            } catch (PossibleAuthenticationFailureException e) {
                report.wrong(
                        at + " rejects the user, the password or the virtual host",
                        "see --rabbitmq-uri; rabbitmqctl list_user_permissions USER shows what is allowed");
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                report.wrong("no RabbitMQ responds at " + at + ": " + reason(e), "start it, or correct --rabbitmq-uri");
            }
            findings.addAll(report.results());
        }
        if (findings.stream().noneMatch(f -> f.level() == CheckResult.Level.WRONG)) {
            findings.addAll(topology(declared));
        }
        return findings;
    }

    /** Whether Rung's queues are declared here. */
    private static boolean host(CheckResult.Report report, String at, Connection connection) throws IOException {
        String version = String.valueOf(connection.getServerProperties().get("version"));
        if (!isNewEnough(version)) {
            report.wrong("RabbitMQ " + version + " at " + at, MAJOR_MIN + "." + MINOR_MIN + " or newer is required");
            return false;
        }
        report.ok("RabbitMQ " + version + " at " + at);
        takesMessages(report, at, connection);
        long rejected = depth(connection, RabbitTopology.REJECTED).orElse(0L);
        if (rejected > 0) {
            report.note(
                    rejected + " submissions were invalid and are kept in " + RabbitTopology.REJECTED,
                    "rung rejected list shows why; correct and replay them, or discard them");
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

    /** Publishes a message to an exclusive queue and reads it. */
    private static void takesMessages(CheckResult.Report report, String at, Connection connection) {
        String queue = "rung.doctor." + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        try {
            Channel channel = connection.createChannel();
            channel.queueDeclare(queue, false, true, true, null);
            channel.confirmSelect();
            channel.basicPublish("", queue, null, new byte[0]);
            channel.waitForConfirmsOrDie(PATIENCE.toMillis());
            if (channel.basicGet(queue, true) == null) {
                report.wrong(at + " lost a test message", "see the broker's log");
            }
        } catch (TimeoutException e) {
            report.wrong(
                    at + " accepts no messages: a memory or disk alarm blocks publishers",
                    "rabbitmq-diagnostics alarms shows which; free memory or disk space");
        } catch (IOException | AlreadyClosedException e) {
            report.wrong(
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
            return Optional.empty(); // no such queue
        }
    }

    private List<CheckResult> topology(boolean declared) {
        CheckResult.Report report = new CheckResult.Report("queues");
        if (!declared) {
            report.ok("none yet; the first start declares them");
            return report.results();
        }
        List<String> problems = RabbitTopology.check(settings);
        problems.forEach(p -> report.wrong(p, "wakes are not sent through RabbitMQ until this is corrected"));
        if (problems.isEmpty()) {
            if (settings.brokers().size() > 1 && settings.deadLetterStrategy() == DeadLetterStrategy.AT_LEAST_ONCE) {
                report.note(
                        "after a leader change RabbitMQ may keep expired messages for"
                                + " dead_letter_worker_publisher_confirm_timeout, 180 s by default; Rung avoids such a"
                                + " queue and re-arms its overdue wakes",
                        "lower it in the broker's advanced.config, for example to 15000 ms");
            }
            report.ok("declared correctly, " + settings.deadLetterStrategy().text());
        }
        return report.results();
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

    /** Failures are reported as results, not logged. */
    private static final class Silent extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable e) {}
    }

    /** The broker's own message. */
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
