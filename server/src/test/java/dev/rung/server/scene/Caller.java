package dev.rung.server.scene;

import dev.rung.core.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Somebody with a key (or, empty, without) who calls the API. Every answer is held to the OpenAPI document. */
public record Caller(HttpClient http, URI server, String key, OpenApi contract) {

    public Reply get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Reply post(String path) {
        return send("POST", path, null, Map.of());
    }

    public Reply post(String path, String body) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Reply patch(String path, String body) {
        return send("PATCH", path, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Reply put(String path, String body) {
        return send("PUT", path, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Reply delete(String path) {
        return send("DELETE", path, null, Map.of());
    }

    public Reply send(String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(Patience.AT_MOST)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            Reply reply = new Reply(http.send(request.build(), BodyHandlers.ofByteArray()));
            contract.check(method, path, reply);
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
