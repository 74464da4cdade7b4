package dev.rung.cli;

import dev.rung.settings.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A client of the server's HTTP API for the commands. Errors are thrown as {@link CommandFailed}, with the server's message if there is one.
 */
final class ApiConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final URI server;
    private final @Nullable Secret key;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    ApiConnection(URI server, @Nullable Secret key) {
        this.server = server;
        this.key = key;
    }

    /** A response: status, and body as JSON. */
    record Answer(int status, JsonNode body) {
        boolean succeeded() {
            return status / 100 == 2;
        }
    }

    URI server() {
        return server;
    }

    JsonNode get(String path) {
        return demand(ask("GET", path, null, Map.of()));
    }

    JsonNode post(String path, byte @Nullable [] body, Map<String, String> headers) {
        return demand(ask("POST", path, body, headers));
    }

    /** Sends a request; returns the response whatever its status. */
    Answer ask(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
        HttpRequest.Builder request = request(path)
                .timeout(ANSWER)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        headers.forEach(request::header);
        HttpResponse<byte[]> response = send(request.build(), BodyHandlers.ofByteArray());
        try {
            return new Answer(response.statusCode(), JsonOutput.MAPPER.readTree(response.body()));
        } catch (JacksonException e) {
            throw new CommandFailed(
                    server + " answered " + response.statusCode() + " without JSON; is it a Rung server?");
        }
    }

    /** Opens a stream of server-sent events; the caller closes it. */
    InputStream stream(String path) {
        HttpResponse<InputStream> response =
                send(request(path).header("accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw problem(new Answer(response.statusCode(), JsonOutput.MAPPER.readTree(body.readAllBytes())));
        } catch (IOException | JacksonException e) {
            throw new CommandFailed(server + " answered " + response.statusCode());
        }
    }

    /** The body of a successful response; throws otherwise. */
    JsonNode demand(Answer answer) {
        if (!answer.succeeded()) {
            throw problem(answer);
        }
        return answer.body();
    }

    /** The server's error message: the field errors, or else the detail. */
    CommandFailed problem(Answer answer) {
        if (answer.status() == 401) {
            return new CommandFailed(
                    key == null
                            ? server + " requires a key: specify --api-key or RUNG_API_KEY"
                            : server
                                    + " rejects this key: check --api-key, RUNG_API_KEY and the api-key file in the data dir");
        }
        JsonNode body = answer.body();
        List<String> errors = new ArrayList<>();
        for (JsonNode error : body.path("errors")) {
            errors.add(error.path("field").asString("") + " "
                    + error.path("message").asString(""));
        }
        return new CommandFailed(
                errors.isEmpty()
                        ? body.path("detail").asString(body.path("title").asString("status " + answer.status()))
                        : String.join("\n", errors));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.toString().replaceFirst("/+$", "") + path));
        request.header("user-agent", "rung/" + VersionProvider.text());
        if (key != null) {
            request.header("authorization", "Bearer " + key.reveal());
        }
        return request;
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new CommandFailed("no response from " + server + "; is the server running?");
        } catch (HttpTimeoutException e) {
            throw new CommandFailed(server + " did not answer within " + ANSWER.toSeconds() + " s");
        } catch (IOException e) {
            throw new CommandFailed("the connection to " + server + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    /** The query string {@code ?a=1&b=2} of the parameters that are not null. */
    static String query(Map<String, ? extends @Nullable Object> parameters) {
        String query = parameters.entrySet().stream()
                .filter(e -> e.getValue() != null)
                .map(e -> e.getKey() + "=" + URLEncoder.encode(String.valueOf(e.getValue()), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
