package dev.rung.cli;

import dev.rung.client.MalformedResponseException;
import dev.rung.client.Problem;
import dev.rung.client.Retries;
import dev.rung.client.RungClient;
import dev.rung.client.RungException;
import dev.rung.client.StreamEvent;
import dev.rung.settings.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The Java SDK as the commands use it: responses as JSON, so that {@code --json} can print them unchanged. Errors are thrown as {@link CommandFailed},
 * with the server's message if there is one.
 */
final class ApiConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final URI server;
    private final boolean hasKey;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final RungClient client;

    ApiConnection(URI server, @Nullable Secret key) {
        this.server = server;
        this.hasKey = key != null;
        RungClient.Builder builder = RungClient.builder()
                .server(server)
                .userAgent("rung/" + VersionProvider.text())
                .httpClient(http)
                .timeout(ANSWER)
                .retries(Retries.NONE);
        try {
            this.client =
                    key == null ? builder.build() : builder.key(key.reveal()).build();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()));
        }
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
        return demand(ask("GET", path, null));
    }

    JsonNode post(String path, @Nullable JsonNode body) {
        return demand(ask("POST", path, body));
    }

    /** Sends a request; returns the response whatever its status. */
    Answer ask(String method, String path, @Nullable JsonNode body) {
        RungClient.Response response =
                connected(() -> client.exchange(method, path, body == null ? null : body.toString()));
        if (response.body().length == 0) {
            return new Answer(response.status(), JsonOutput.MAPPER.createObjectNode());
        }
        try {
            return new Answer(response.status(), JsonOutput.MAPPER.readTree(response.body()));
        } catch (JacksonException e) {
            throw new CommandFailed(server + " answered " + response.status() + " without JSON; is it a Rung server?");
        }
    }

    /**
     * A typed call.
     *
     * @throws RungException if the server refuses it
     */
    <T> T sdk(Function<RungClient, T> call) {
        return connected(() -> call.apply(client));
    }

    /** Passes on the events of all servers until the connection ends or the listener throws. */
    void stream(Runnable opened, Consumer<StreamEvent> listener) {
        connected(() -> {
            try {
                client.stream(null, opened, listener);
                return server;
            } catch (RungException e) {
                throw problem(e);
            }
        });
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
        JsonNode body = answer.body();
        List<String> errors = new ArrayList<>();
        for (JsonNode error : body.path("errors")) {
            errors.add(error.path("field").asString("") + " "
                    + error.path("message").asString(""));
        }
        String detail = body.path("detail").asString(body.path("title").asString("status " + answer.status()));
        return problem(answer.status(), errors, detail);
    }

    CommandFailed problem(RungException e) {
        Problem problem = e.problem();
        List<String> errors = problem.errors().stream()
                .map(error -> error.field() + " " + error.message())
                .toList();
        return problem(e.status(), errors, problem.detail() == null ? "status " + e.status() : problem.detail());
    }

    private CommandFailed problem(int status, List<String> errors, String detail) {
        if (status == 401) {
            return new CommandFailed(
                    hasKey
                            ? server
                                    + " rejects this key: check --api-key, RUNG_API_KEY and the api-key file in the data dir"
                            : server + " requires a key: specify --api-key or RUNG_API_KEY");
        }
        return new CommandFailed(errors.isEmpty() ? detail : String.join("\n", errors));
    }

    private <T> T connected(Supplier<T> call) {
        try {
            return call.get();
        } catch (MalformedResponseException e) {
            throw new CommandFailed(e.getMessage() + "; is it a Rung server? " + server);
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            throw switch (cause) {
                case ConnectException _, HttpConnectTimeoutException _ ->
                    new CommandFailed("no response from " + server + "; is the server running?");
                case HttpTimeoutException _ ->
                    new CommandFailed(server + " did not answer within " + ANSWER.toSeconds() + " s");
                default -> new CommandFailed("the connection to " + server + " failed: " + cause.getMessage());
            };
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
        http.shutdownNow();
    }
}
