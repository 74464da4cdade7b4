package dev.rung.queue.rabbitmq;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A queue or an exchange of Rung's name is there, but was declared with other arguments. Only a person can decide what
 * becomes of it and of what is in it; until then nothing is sent through RabbitMQ.
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

    /** What is different and what to do, in sentences for a person. */
    String explanation() {
        return explanation;
    }

    /**
     * Explains the broker's refusal.
     *
     * @param name what was being declared
     * @param reply what the broker said
     */
    static TopologyMismatch of(String name, String reply, Throwable cause) {
        Matcher says = BROKER_SAYS.matcher(reply);
        if (!says.find()) {
            return new TopologyMismatch(
                    "RabbitMQ has '" + name + "' with other arguments than Rung needs: " + reply + ". " + remedy(name),
                    cause);
        }
        return new TopologyMismatch(
                "RabbitMQ's " + says.group("kind") + " '" + says.group("name") + "' in the virtual host '"
                        + says.group("vhost")
                        + "' was declared differently: " + says.group("argument") + " is " + plain(says.group("theirs"))
                        + ", and Rung needs " + plain(says.group("ours")) + ". " + remedy(name),
                cause);
    }

    /** "the value '3000' of type 'signedint'" and "'3000'" are the same to a reader. */
    private static String plain(String value) {
        Matcher quoted =
                Pattern.compile("^the value '([^']*)' of type '[^']*'$").matcher(value);
        return quoted.find() ? "'" + quoted.group(1) + "'" : value;
    }

    private static String remedy(String name) {
        return "Let what is in it drain, then delete it (rabbitmqctl delete_queue " + name
                + "; an exchange by the management console), or give Rung a virtual host of its own in its RabbitMQ URI. Rung looks"
                + " again every 30 s and goes on by itself.";
    }
}
