package dev.rung.api;

import dev.rung.observability.Readiness;
import dev.rung.observability.ServerMetrics;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Health, readiness and metrics. */
@RestController
final class OperationsController {
    private static final MediaType PROMETHEUS = MediaType.parseMediaType("text/plain; version=0.0.4; charset=utf-8");

    private final Readiness readiness;
    private final ServerMetrics metrics;

    OperationsController(Readiness readiness, ServerMetrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /** Liveness. */
    @GetMapping("/health")
    JsonWriter.Content health() {
        return g -> {
            g.writeStartObject();
            g.writeStringProperty("status", "up");
            g.writeEndObject();
        };
    }

    @GetMapping("/ready")
    ResponseEntity<JsonWriter.Content> ready() {
        Readiness.Report report = readiness.report();
        return ResponseEntity.status(report.isServing() ? 200 : 503).body(g -> {
            g.writeStartObject();
            g.writeStringProperty("status", report.status());
            g.writeArrayPropertyStart("reasons");
            report.reasons().forEach(g::writeString);
            g.writeEndArray();
            g.writeEndObject();
        });
    }

    @GetMapping("/metrics")
    ResponseEntity<byte[]> metrics() {
        return ResponseEntity.ok().contentType(PROMETHEUS).body(metrics.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
