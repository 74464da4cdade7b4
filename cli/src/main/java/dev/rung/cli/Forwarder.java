package dev.rung.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes on received requests: the same headers, so that signatures can be verified, and the same body. Thread-safe. */
final class Forwarder {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Headers of the connection, which the client sets itself. */
    private static final Set<String> OF_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "http2-settings");

    private final URI target;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private Forwarder(URI target) {
        this.target = target;
    }

    /**
     * The result of passing on a request.
     *
     * @param status null if there was no response
     * @param error why; null if there was one
     */
    record Result(@Nullable Integer status, @Nullable String error) {}

    static Forwarder to(URI target) {
        if (target.getHost() == null || !Set.of("http", "https").contains(target.getScheme())) {
            throw new WrongUsage("--forward-to \"" + target + "\" is not a URL such as http://127.0.0.1:3000/webhooks");
        }
        return new Forwarder(target);
    }

    Result pass(WebhookReceiver.Receipt receipt) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(ANSWER).POST(BodyPublishers.ofByteArray(receipt.body()));
        receipt.headers().forEach((name, values) -> {
            if (!OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return new Result(
                    client.send(request.build(), BodyHandlers.discarding()).statusCode(), null);
        } catch (IOException e) {
            String message = e.getMessage();
            return new Result(null, message == null ? e.getClass().getSimpleName() : message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(null, "interrupted");
        }
    }
}
