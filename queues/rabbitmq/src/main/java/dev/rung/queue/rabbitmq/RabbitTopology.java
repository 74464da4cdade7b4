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
 * What Rung declares in RabbitMQ: the same on 3.10 and on 4.x, quorum queues with every argument that matters given, so that neither a
 * version's default nor an operator's surprises us.
 *
 * <p>Wakes: the exchange {@value #DUE} → the queue {@value #READY}; per delay an exchange and a queue without a consumer that lets go of its
 * messages to {@value #DUE} after that many milliseconds; what cannot be routed or dies goes to {@value #UNROUTED}.
 */
public final class RabbitTopology {
    public static final String DUE = "rung.due";
    public static final String READY = "rung.ready";
    public static final String UNROUTED = "rung.unrouted";
    public static final String INTAKE = "rung.intake";
    public static final String REJECTED = "rung.intake.rejected";
    public static final String EVENTS = "rung.events";
    static final String KEY = "wake";

    /** A wake that is delivered this often and never acknowledged takes down whoever looks at it; it dies and is re-armed. */
    private static final int DELIVERIES_MAX = 50;

    /** A submission returns to its queue only when a server dies or the store is away for long: 200 times is two days. */
    private static final int INTAKE_DELIVERIES_MAX = 200;

    private static final String LEADER_LOCATOR = "x-queue-leader-locator";

    private static final int PRECONDITION_FAILED = 406;
    private static final int NOT_FOUND = 404;

    private RabbitTopology() {}

    /** The name of the exchange and of the queue of a delay. The strategy is part of it: to change it is to use other queues, and the old ones drain. */
    static String delay(int millis, DeadLetterStrategy strategy) {
        return "rung.delay." + millis
                + switch (strategy) {
                    case AT_LEAST_ONCE -> "";
                    case AT_MOST_ONCE -> ".at-most-once";
                };
    }

    /**
     * Declares all that wakes need.
     *
     * @return messages in each delay's queue, by its milliseconds
     * @throws TopologyMismatch if something is there with other arguments
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
                "x-message-ttl", millis, "x-dead-letter-exchange", DUE, "x-dead-letter-strategy", strategy.spelled())));
        if (strategy == DeadLetterStrategy.AT_LEAST_ONCE) {
            arguments.put("x-overflow", "reject-publish");
        }
        // A fan-out, so that the routing key stays what leads from rung.due to rung.ready afterwards.
        exchange(channel, name, BuiltinExchangeType.FANOUT, Map.of());
        AMQP.Queue.DeclareOk declared = queue(channel, name, arguments);
        channel.queueBind(name, name, "");
        return declared.getMessageCount();
    }

    /**
     * Declares all that the intake needs.
     *
     * @throws TopologyMismatch if something is there with other arguments
     */
    static void declareIntake(Connection connection) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            queue(channel, REJECTED, quorum(Map.of("x-delivery-limit", INTAKE_DELIVERIES_MAX)));
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
                            DeadLetterStrategy.AT_LEAST_ONCE.spelled(),
                            "x-overflow",
                            "reject-publish")));
            channel.queueBind(INTAKE, INTAKE, "#");
        }
    }

    /** Declares the exchange that events fan out from; each server has a queue of its own, gone with its connection. */
    static void declareEvents(Channel channel) throws IOException {
        exchange(channel, EVENTS, BuiltinExchangeType.FANOUT, Map.of());
    }

    /** Declares a durable queue that holds nothing: while it is there, the broker remembers. */
    static void declareMark(Channel channel, String name) throws IOException {
        queue(channel, name, quorum(Map.of()));
    }

    static boolean isNotFound(IOException e) {
        return replyCode(e) == NOT_FOUND;
    }

    /** Whether there is such a queue. */
    static boolean exists(Connection connection, String queue) throws IOException, TimeoutException {
        Channel channel = connection.createChannel();
        try {
            channel.queueDeclarePassive(queue);
            channel.close();
            return true;
        } catch (IOException e) {
            if (isNotFound(e)) {
                return false; // and the channel is closed
            }
            throw e;
        }
    }

    /**
     * Looks whether a broker is there and what is declared in it is what Rung needs; declares what is missing. For {@code doctor}.
     *
     * @return what is wrong, each a sentence; empty when all is well
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

    /** A sentence for a person, without secrets. */
    static String explain(URI broker, Exception e) {
        if (e instanceof TopologyMismatch mismatch) {
            return mismatch.explanation();
        }
        String at = "RabbitMQ at " + RabbitSettings.shown(broker);
        if (e instanceof com.rabbitmq.client.PossibleAuthenticationFailureException
                || e instanceof com.rabbitmq.client.AuthenticationFailureException) {
            return at + " refuses the user, the password or the virtual host of the RabbitMQ URI";
        }
        String said =
                e.getMessage() == null && e.getCause() != null ? e.getCause().getMessage() : e.getMessage();
        return at + " cannot be used: " + e.getClass().getSimpleName() + (said == null ? "" : ": " + said);
    }

    private static Map<String, Object> quorum(Map<String, Object> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(more);
        arguments.put("x-queue-type", "quorum");
        // By default every leader would be on the node that this connection happens to be on.
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

    /** On a channel of its own, which the broker closes where the arguments differ. */
    private static AMQP.Queue.DeclareOk queue(Channel beside, String name, Map<String, Object> arguments)
            throws IOException {
        try {
            return declare(beside.getConnection(), name, arguments);
        } catch (IOException e) {
            if (replyText(e).contains(LEADER_LOCATOR)) {
                // Declared by an earlier version, which named no place for leaders.
                Map<String, Object> earlier = new LinkedHashMap<>(arguments);
                earlier.remove(LEADER_LOCATOR);
                return declare(beside.getConnection(), name, earlier);
            }
            throw e;
        }
    }

    private static AMQP.Queue.DeclareOk declare(Connection connection, String name, Map<String, Object> arguments)
            throws IOException {
        Channel channel = Objects.requireNonNull(connection.createChannel(), "the connection has channels left");
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
            throw new IOException("closing a channel of RabbitMQ", e);
        }
        return declared;
    }

    /** Rethrows as {@link TopologyMismatch} where it is that. */
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
