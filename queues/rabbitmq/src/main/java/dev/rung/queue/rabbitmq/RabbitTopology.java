package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.rung.core.port.DeadLetterStrategy;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * The exchanges and queues that Rung declares in RabbitMQ, identical on 3.10 and 4.x: quorum queues with every relevant argument set
 * explicitly, so that they do not depend on defaults of the version or the operator.
 *
 * <p>Wakes: the exchange {@value #DUE} → the queue {@value #READY}; per delay an exchange and a queue without consumers whose messages
 * expire after that many milliseconds and are dead-lettered to {@value #DUE}. Unroutable and dead-lettered messages go to {@value
 * #UNROUTED}.
 */
public final class RabbitTopology {
    public static final String DUE = "rung.due";
    public static final String READY = "rung.ready";
    public static final String UNROUTED = "rung.unrouted";
    public static final String INTAKE = "rung.intake";
    public static final String REJECTED = "rung.intake.rejected";
    public static final String EVENTS = "rung.events";
    static final String KEY = "wake";

    /**
     * The delivery limit of a wake: one that is delivered this often without an acknowledgement probably crashes its servers. It is
     * dead-lettered and re-armed.
     */
    private static final int DELIVERIES_MAX = 50;

    /**
     * The delivery limit of a submission: it is redelivered only after a server crash or a long outage of the store; 200 times takes two
     * days.
     */
    private static final int INTAKE_DELIVERIES_MAX = 200;

    /** The delivery limit of a rejected submission: every visit of it counts as a delivery, and one beyond the limit would be dropped. */
    private static final int VISITS_MAX = Integer.MAX_VALUE;

    private static final String LEADER_LOCATOR = "x-queue-leader-locator";

    private static final int PRECONDITION_FAILED = 406;
    private static final int NOT_FOUND = 404;

    private RabbitTopology() {}

    /** The name of a delay's exchange and queue. It includes the strategy, so another strategy uses other queues and the old ones drain. */
    static String delay(int millis, DeadLetterStrategy strategy) {
        return "rung.delay." + millis
                + switch (strategy) {
                    case AT_LEAST_ONCE -> "";
                    case AT_MOST_ONCE -> ".at-most-once";
                };
    }

    /**
     * Declares everything for wakes.
     *
     * @return the number of messages in each delay queue, by its delay in milliseconds
     * @throws TopologyMismatch if an exchange or queue exists with other arguments
     */
    static Map<Integer, Integer> declareWakes(Connection connection, DeadLetterStrategy strategy, List<Integer> delays)
            throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            exchange(channel, UNROUTED, BuiltinExchangeType.FANOUT, Map.of());
            queue(channel, UNROUTED, quorum(Map.of("x-delivery-limit", DELIVERIES_MAX)));
            channel.queueBind(UNROUTED, UNROUTED, "");
            exchange(channel, DUE, BuiltinExchangeType.DIRECT, Map.of("alternate-exchange", UNROUTED));
            queue(
                    channel,
                    READY,
                    quorum(Map.of("x-delivery-limit", DELIVERIES_MAX, "x-dead-letter-exchange", UNROUTED)));
            channel.queueBind(READY, DUE, KEY);
            Map<Integer, Integer> waiting = new LinkedHashMap<>();
            for (int millis : delays) {
                waiting.put(millis, declareDelay(channel, strategy, millis));
            }
            return waiting;
        }
    }

    private static int declareDelay(Channel channel, DeadLetterStrategy strategy, int millis) throws IOException {
        String name = delay(millis, strategy);
        Map<String, Object> arguments = new LinkedHashMap<>(quorum(Map.of(
                "x-message-ttl", millis, "x-dead-letter-exchange", DUE, "x-dead-letter-strategy", strategy.text())));
        if (strategy == DeadLetterStrategy.AT_LEAST_ONCE) {
            arguments.put("x-overflow", "reject-publish");
        }
        // A fan-out exchange keeps the routing key, which routes from rung.due to rung.ready later.
        exchange(channel, name, BuiltinExchangeType.FANOUT, Map.of());
        AMQP.Queue.DeclareOk declared = queue(channel, name, arguments);
        channel.queueBind(name, name, "");
        return declared.getMessageCount();
    }

    /**
     * Declares everything for intake.
     *
     * @throws TopologyMismatch if an exchange or queue exists with other arguments
     */
    static void declareIntake(Connection connection) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            queue(channel, REJECTED, quorum(Map.of("x-delivery-limit", VISITS_MAX)));
            exchange(channel, INTAKE, BuiltinExchangeType.TOPIC, Map.of());
            queue(
                    channel,
                    INTAKE,
                    quorum(Map.of(
                            "x-delivery-limit",
                            INTAKE_DELIVERIES_MAX,
                            "x-dead-letter-exchange",
                            "",
                            "x-dead-letter-routing-key",
                            REJECTED,
                            "x-dead-letter-strategy",
                            DeadLetterStrategy.AT_LEAST_ONCE.text(),
                            "x-overflow",
                            "reject-publish")));
            channel.queueBind(INTAKE, INTAKE, "#");
        }
    }

    /** Declares the fan-out exchange for events; each server has its own exclusive queue. */
    static void declareEvents(Channel channel) throws IOException {
        exchange(channel, EVENTS, BuiltinExchangeType.FANOUT, Map.of());
    }

    /** Declares the empty durable identity queue: while it exists, the broker has kept its data. */
    static void declareIdentityQueue(Channel channel, String name) throws IOException {
        queue(channel, name, quorum(Map.of()));
    }

    static boolean isNotFound(IOException e) {
        return replyCode(e) == NOT_FOUND;
    }

    /** Whether the queue exists. */
    static boolean exists(Connection connection, String queue) throws IOException, TimeoutException {
        Channel channel = connection.createChannel();
        try {
            channel.queueDeclarePassive(queue);
            channel.close();
            return true;
        } catch (IOException e) {
            if (isNotFound(e)) {
                return false; // the broker has closed the channel
            }
            throw e;
        }
    }

    /**
     * Checks that the broker is reachable and that everything is declared with Rung's arguments; declares what is missing. For {@code
     * doctor}.
     *
     * @return the problems, as sentences; empty if there are none
     */
    public static List<String> check(RabbitSettings settings) {
        List<String> problems = new ArrayList<>();
        for (URI broker : settings.brokers()) {
            try (Connection connection = settings.factory(broker).newConnection("rung doctor")) {
                declareWakes(
                        connection,
                        settings.deadLetterStrategy(),
                        DelayQueues.standard().wanted());
                declareIntake(connection);
            } catch (IOException | TimeoutException | ShutdownSignalException | TopologyMismatch e) {
                problems.add(explain(broker, e));
            }
        }
        return problems;
    }

    /** The error as a sentence without secrets. */
    static String explain(URI broker, Exception e) {
        if (e instanceof TopologyMismatch mismatch) {
            return mismatch.explanation();
        }
        String at = "RabbitMQ at " + RabbitSettings.shown(broker);
        if (e instanceof com.rabbitmq.client.PossibleAuthenticationFailureException
                || e instanceof com.rabbitmq.client.AuthenticationFailureException) {
            return at + " rejects the user, the password or the virtual host of the RabbitMQ URI";
        }
        String said =
                e.getMessage() == null && e.getCause() != null ? e.getCause().getMessage() : e.getMessage();
        return at + " cannot be used: " + e.getClass().getSimpleName() + (said == null ? "" : ": " + said);
    }

    private static Map<String, Object> quorum(Map<String, Object> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("x-queue-type", "quorum");
        // By default every leader would be on the node of this connection.
        arguments.put(LEADER_LOCATOR, "balanced");
        return arguments;
    }

    private static void exchange(Channel channel, String name, BuiltinExchangeType type, Map<String, Object> arguments)
            throws IOException {
        try {
            channel.exchangeDeclare(name, type, true, false, arguments);
        } catch (IOException e) {
            throw explained(name, e);
        }
    }

    /** Uses a separate channel, which the broker closes if the arguments differ. */
    private static AMQP.Queue.DeclareOk queue(Channel beside, String name, Map<String, Object> arguments)
            throws IOException {
        try {
            return declare(beside.getConnection(), name, arguments);
        } catch (IOException e) {
            if (replyText(e).contains(LEADER_LOCATOR)) {
                // Declared by an earlier version without a leader locator.
                Map<String, Object> earlier = new LinkedHashMap<>(arguments);
                earlier.remove(LEADER_LOCATOR);
                return declare(beside.getConnection(), name, earlier);
            }
            throw e;
        }
    }

    private static AMQP.Queue.DeclareOk declare(Connection connection, String name, Map<String, Object> arguments)
            throws IOException {
        Channel channel = Objects.requireNonNull(connection.createChannel(), "no channel is left on the connection");
        AMQP.Queue.DeclareOk declared;
        try {
            declared = channel.queueDeclare(name, true, false, false, arguments);
        } catch (IOException e) {
            if (replyText(e).contains(LEADER_LOCATOR)) {
                throw e;
            }
            throw explained(name, e);
        }
        try {
            channel.close();
        } catch (TimeoutException e) {
            throw new IOException("closing a RabbitMQ channel failed", e);
        }
        return declared;
    }

    /** Rethrows as {@link TopologyMismatch} if applicable. */
    private static IOException explained(String name, IOException e) {
        if (replyCode(e) == PRECONDITION_FAILED) {
            throw TopologyMismatch.of(name, replyText(e), e);
        }
        return e;
    }

    static int replyCode(IOException e) {
        return e.getCause() instanceof ShutdownSignalException signal
                        && signal.getReason() instanceof AMQP.Channel.Close close
                ? close.getReplyCode()
                : 0;
    }

    private static String replyText(IOException e) {
        return e.getCause() instanceof ShutdownSignalException signal
                        && signal.getReason() instanceof AMQP.Channel.Close close
                ? close.getReplyText()
                : "";
    }
}
