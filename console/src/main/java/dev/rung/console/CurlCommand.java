package dev.rung.console;

import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Signing;
import dev.rung.crypto.Rsa2FormSigner;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.StandardWebhooksSigner;
import java.nio.charset.StandardCharsets;

/** Writes a curl command that sends the same request as Rung, with a signature of the current time. */
final class CurlCommand {
    private final StandardWebhooksSigner webhooks;
    private final Rsa2FormSigner forms;
    private final String version;

    CurlCommand(SigningKeys keys, String version) {
        this.webhooks = new StandardWebhooksSigner(keys);
        this.forms = new Rsa2FormSigner(keys);
        this.version = version;
    }

    String command(NotificationDetail n, String url, Merchant merchant, byte[] payload, long now) {
        boolean form = merchant.receiver().keys().signing() == Signing.RSA2_FORM;
        byte[] body = form
                ? forms.form(n.id(), merchant.id(), merchant.receiver().keys(), n.content(), payload, now)
                : payload;
        StringBuilder command = new StringBuilder("curl -i -X POST ").append(quoted(url));
        header(command, "content-type", form ? Rsa2FormSigner.CONTENT_TYPE : "application/json");
        header(command, "user-agent", "Rung/" + version);
        header(command, "webhook-id", n.id().toString());
        header(command, "webhook-timestamp", Long.toString(now / 1_000));
        if (!form) {
            String id = n.id().toString();
            header(
                    command,
                    "webhook-signature",
                    webhooks.sign(merchant.id(), merchant.receiver().keys(), id, now, payload));
        }
        header(command, "rung-attempt", Integer.toString(n.attemptsMade() + 1));
        if (n.content().eventType() != null) {
            header(command, "rung-event-type", n.content().eventType());
        }
        return command.append(" \\\n  --data-binary ")
                .append(quoted(new String(body, StandardCharsets.UTF_8)))
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
