package dev.rung.queue.rabbitmq;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A queue or exchange with one of Rung's names exists with other arguments. The operator must drain and delete it; until then nothing is
 * sent through RabbitMQ.
 */
public final class TopologyMismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Pattern BROKER_SAYS = Pattern.compile(
            "inequivalent arg '(?<argument>[^']+)' for (?<kind>queue|exchange) '(?<name>[^']+)' in vhost '(?<vhost>[^']*)': "
                    + "received (?<ours>.+?) but current is (?<theirs>.+)$");

    private final String explanation;

    private TopologyMismatch(String explanation, Throwable cause) {
        super(explanation, cause);
        this.explanation = explanation;
    }

    /** The difference and the remedy, as sentences. */
    String explanation() {
        return explanation;
    }

    /**
     * Explains the broker's error.
     *
     * @param name the queue or exchange being declared
     * @param reply the broker's reply text
     */
    static TopologyMismatch of(String name, String reply, Throwable cause) {
        Matcher says = BROKER_SAYS.matcher(reply);
        if (!says.find()) {
            return new TopologyMismatch(
                    "RabbitMQ has '" + name + "' with other arguments than Rung requires: " + reply + ". "
                            + remedy(name),
                    cause);
        }
        return new TopologyMismatch(
                "RabbitMQ's " + says.group("kind") + " '" + says.group("name") + "' in the virtual host '"
                        + says.group("vhost")
                        + "' was declared differently: " + says.group("argument") + " is " + plain(says.group("theirs"))
                        + ", but Rung requires " + plain(says.group("ours")) + ". " + remedy(name),
                cause);
    }

    /** Shortens "the value '3000' of type 'signedint'" to "'3000'". */
    private static String plain(String value) {
        Matcher quoted =
                Pattern.compile("^the value '([^']*)' of type '[^']*'$").matcher(value);
        return quoted.find() ? "'" + quoted.group(1) + "'" : value;
    }

    private static String remedy(String name) {
        return "Drain it, then delete it (rabbitmqctl delete_queue " + name
                + "; an exchange in the management console), or give Rung its own virtual host in the RabbitMQ URI. Rung checks"
                + " again every 30 s and then continues.";
    }
}
