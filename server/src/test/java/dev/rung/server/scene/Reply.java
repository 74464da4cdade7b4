package dev.rung.server.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What was answered to a call. */
public record Reply(HttpResponse<byte[]> response) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public int status() {
        return response.statusCode();
    }

    public String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return MAPPER.readTree(response.body());
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    public String at(String pointer) {
        return json().at(pointer).asString();
    }

    /** Fails unless the status is this one. */
    public Reply expect(int status) {
        assertThat(status()).as(text()).isEqualTo(status);
        return this;
    }

    /** Fails unless it is a problem with this status, and says so in its body too. */
    public Reply expectProblem(int status) {
        expect(status);
        assertThat(header("content-type")).isEqualTo("application/problem+json");
        assertThat(json().get("status").asInt()).isEqualTo(status);
        assertThat(at("/type")).startsWith("urn:rung:problem:");
        assertThat(at("/title")).isNotBlank();
        assertThat(at("/detail")).isNotBlank();
        return this;
    }

    /** Fails unless it is a 422 that names this field. */
    public Reply expectInvalid(String field) {
        expectProblem(422);
        assertThat(json().get("errors").valueStream().map(e -> e.get("field").asString()))
                .as(text())
                .contains(field);
        return this;
    }
}
