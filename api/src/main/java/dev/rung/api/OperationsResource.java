package dev.rung.api;

import dev.rung.observability.Readiness;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Health, readiness, metrics and the OpenAPI document. */
final class OperationsResource {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Readiness readiness;
    private final Supplier<String> metrics;
    private final byte[] openApi;

    OperationsResource(ApiDependencies parts) {
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

    /** {@code GET /health}: liveness. */
    ApiResponse health(ApiRequest call) {
        return ApiResponse.json(200, g -> {
            g.writeStartObject();
            g.writeStringProperty("status", "up");
            g.writeEndObject();
        });
    }

    /** {@code GET /ready} */
    ApiResponse ready(ApiRequest call) {
        Readiness.Report report = readiness.report();
        return ApiResponse.json(report.isServing() ? 200 : 503, g -> {
            g.writeStartObject();
            g.writeStringProperty("status", report.status());
            g.writeArrayPropertyStart("reasons");
            report.reasons().forEach(g::writeString);
            g.writeEndArray();
            g.writeEndObject();
        });
    }

    /** {@code GET /metrics} */
    ApiResponse metrics(ApiRequest call) {
        return ApiResponse.text(200, PROMETHEUS, metrics.get());
    }

    /** {@code GET /openapi.json} */
    ApiResponse openApi(ApiRequest call) {
        return ApiResponse.json(200, openApi);
    }
}
