package dev.rung.server.api;

import dev.rung.server.http.Answer;
import dev.rung.server.http.Call;
import dev.rung.server.observe.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** What load balancers, monitoring and programmers ask. */
final class OperationsResource {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Readiness readiness;
    private final Supplier<String> metrics;
    private final byte[] openApi;

    OperationsResource(Parts parts) {
        this.readiness = parts.readiness();
        this.metrics = parts.metrics();
        this.openApi = openApi(parts.version());
    }

    private static byte[] openApi(String version) {
        try (InputStream in = OperationsResource.class.getResourceAsStream("/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@version@", version)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code GET /health}: the process lives. */
    Answer health(Call call) {
        return Answer.json(200, g -> {
            g.writeStartObject();
            g.writeStringProperty("status", "up");
            g.writeEndObject();
        });
    }

    /** {@code GET /ready} */
    Answer ready(Call call) {
        List<String> reasons = readiness.reasons();
        return Answer.json(reasons.isEmpty() ? 200 : 503, g -> {
            g.writeStartObject();
            g.writeStringProperty("status", reasons.isEmpty() ? "ready" : "not_ready");
            g.writeArrayPropertyStart("reasons");
            reasons.forEach(g::writeString);
            g.writeEndArray();
            g.writeEndObject();
        });
    }

    /** {@code GET /metrics} */
    Answer metrics(Call call) {
        return Answer.text(200, PROMETHEUS, metrics.get());
    }

    /** {@code GET /openapi.json} */
    Answer openApi(Call call) {
        return Answer.json(200, openApi);
    }
}
