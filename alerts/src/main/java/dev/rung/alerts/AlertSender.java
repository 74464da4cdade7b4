package dev.rung.alerts;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.Sender;
import dev.rung.crypto.SigningKeys;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Writes alerts in the format of the settings, and passes them to the sender of notifications, with its limits and its egress guard. Thread-safe. */
public final class AlertSender implements Sender {
    private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Sender http;
    private final @Nullable AlertSettings settings;
    private final Receiver receiver;

    /**
     * A sender.
     *
     * @param http also sends notifications, which are passed to it as they are
     * @param settings null: there is no receiver of alerts, and those that wait are refused
     */
    public AlertSender(Sender http, SigningKeys keys, @Nullable AlertSettings settings) {
        this.http = http;
        this.settings = settings;
        this.receiver = Receiver.of(null, keys(keys, settings));
    }

    /** Empty keys do not sign. */
    private static Receiver.Keys keys(SigningKeys keys, @Nullable AlertSettings settings) {
        return settings == null || settings.format() != AlertFormat.STANDARD || settings.secret() == null
                ? Receiver.Keys.of(Signing.HMAC, new byte[0], null)
                : keys.read(AlertReporter.RECEIVER, Signing.HMAC, settings.secret())
                        .alone();
    }

    @Override
    public CompletionStage<Result> send(Request request) {
        if (request.kind() != DeliveryKind.ALERT) {
            return http.send(request);
        }
        if (settings == null) {
            return CompletableFuture.completedStage(
                    new Result(Outcome.REFUSED, null, "there is no receiver of alerts", null));
        }
        AlertSettings to = settings;
        ChatMessage message = to.format() == AlertFormat.STANDARD
                ? new ChatMessage(to.url(), request.payload())
                : ChatMessage.of(to, text(request.payload()), request.now());
        return http.send(new Request(
                        request.id(),
                        request.kind(),
                        request.to(),
                        receiver,
                        request.content().withUrl(message.url()),
                        message.body(),
                        request.number(),
                        request.now()))
                .thenApply(result -> judged(result, to, request.number()));
    }

    private static Result judged(Result result, AlertSettings to, int number) {
        Result judged = result;
        if (result.outcome() == Outcome.ACKNOWLEDGED && to.format() != AlertFormat.STANDARD) {
            String refusal = result.answer() == null
                    ? null
                    : ChatAnswer.refusal(result.answer().body());
            if (refusal != null) {
                judged = new Result(Outcome.DECLINED, result.answer(), refusal, null);
            }
        }
        if (judged.outcome() != Outcome.ACKNOWLEDGED) {
            LOG.warn(
                    "attempt {} of an alert failed, {}: {}",
                    number,
                    judged.outcome().text(),
                    judged.error());
        }
        return judged;
    }

    private static String text(byte[] payload) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), payload)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.PROPERTY_NAME
                        && json.currentName().equals("text")) {
                    json.nextToken();
                    return json.getString();
                }
            }
        }
        throw new IllegalArgumentException("an alert has a text");
    }

    @Override
    public void close() {
        http.close();
    }
}
