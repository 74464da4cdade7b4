package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.web.JsonWriter;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JsonGenerator;

/** Writes the results of the intake. */
final class IntakeResponses {
    private final NotificationService notifications;
    private final MerchantCache merchantCache;

    IntakeResponses(NotificationService notifications, MerchantCache merchantCache) {
        this.notifications = notifications;
        this.merchantCache = merchantCache;
    }

    /**
     * The response for one notification: 202, or 200 for a repeat.
     *
     * @throws dev.rung.web.ProblemException if it was rejected
     */
    ResponseEntity<JsonWriter.Content> of(Result result) {
        return switch (result) {
            case Result.Accepted accepted ->
                ResponseEntity.status(HttpStatus.ACCEPTED)
                        .body(g -> NotificationJson.withAlso(
                                g, accepted.notification(), List.of(), accepted.also(), merchantCache));
            case Result.Repeated repeated -> ResponseEntity.ok(g -> write(g, repeated.first()));
            case Result.Rejected rejected -> throw rejected.problem().asException();
        };
    }

    /** Writes the results of a batch. */
    void write(JsonGenerator g, List<Result> results) {
        g.writeStartObject();
        g.writeArrayPropertyStart("results");
        for (Result result : results) {
            g.writeStartObject();
            switch (result) {
                case Result.Accepted accepted -> {
                    g.writeNumberProperty("status", 202);
                    g.writeStringProperty("id", accepted.notification().id().toString());
                    g.writeName("notification");
                    NotificationJson.withAlso(g, accepted.notification(), List.of(), accepted.also(), merchantCache);
                }
                case Result.Repeated repeated -> {
                    g.writeNumberProperty("status", 200);
                    g.writeStringProperty("id", repeated.first().toString());
                    g.writeName("notification");
                    write(g, repeated.first());
                }
                case Result.Rejected rejected -> {
                    g.writeNumberProperty("status", rejected.problem().status());
                    g.writeName("error");
                    JsonWriter.problem(g, rejected.problem());
                }
            }
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private void write(JsonGenerator g, NotificationId id) {
        Whole found = notifications.current(id);
        NotificationJson.withAlso(
                g, found.notification(), found.attempts(), notifications.also(found.notification()), merchantCache);
    }
}
