package dev.rung.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.TestTimeouts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An API client for a server that may die: a missing answer is an {@link UncheckedIOException}. */
record OperatorClient(HttpClient http, URI server) {

    /** An answer. */
    record Answer(int status, String retryAfter, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        Answer expect(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(server.resolve(path)).GET());
    }

    Answer post(String path, String body) {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** The value of a metric without labels. */
    double metric(String name) {
        return get("/metrics")
                .expect(200)
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    /** Creates a merchant with this URL; returns its id. */
    String merchant(RecordingMerchant recorder) {
        return post(
                        "/v1/merchants",
                        "{\"name\":\"Tea House\",\"notify_url\":\"" + recorder.url() + "\",\"max_in_flight\":64}")
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private Answer send(HttpRequest.Builder request) {
        request.header("authorization", "Bearer " + ServerProcess.KEY).timeout(TestTimeouts.AT_MOST);
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("retry-after").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
