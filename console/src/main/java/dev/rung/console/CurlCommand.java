package dev.rung.console;

import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Receiver;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.dialect.SigningDialect;
import java.nio.charset.StandardCharsets;

/** Writes a curl command that sends the same request as Rung, with a signature of the current time. */
final class CurlCommand {
    private final SigningDialects dialects;
    private final String version;

    CurlCommand(SigningDialects dialects, String version) {
        this.dialects = dialects;
        this.version = version;
    }

    String command(NotificationDetail n, String url, Receiver receiver, byte[] payload, long now) {
        SigningDialect.Signed signed = dialects.sign(n.receiver(), receiver, n.id(), n.content(), payload, now);
        StringBuilder command = new StringBuilder("curl -i -X POST ").append(quoted(url));
        header(command, "Content-Type", signed.contentType());
        header(command, "User-Agent", "Rung/" + version);
        header(command, "Webhook-Id", n.id().toString());
        header(command, "Webhook-Timestamp", Long.toString(now / 1_000));
        signed.headers().forEach((name, value) -> header(command, name, value));
        header(command, "Rung-Attempt", Integer.toString(n.attemptsMade() + 1));
        header(command, "Rung-Event-Id", n.content().eventOf(n.id()).toString());
        if (n.content().eventType() != null) {
            header(command, "Rung-Event-Type", n.content().eventType());
        }
        return command.append(" \\\n  --data-binary ")
                .append(quoted(new String(signed.body(), StandardCharsets.UTF_8)))
                .append('\n')
                .toString();
    }

    private static void header(StringBuilder command, String name, String value) {
        command.append(" \\\n  -H ").append(quoted(name + ": " + value));
    }

    /** Quotes a text as one word for a POSIX shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
