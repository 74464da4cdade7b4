package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.web.BodyReader;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Accepts notifications: one, or up to a thousand at once. Responds 202 only after commit. */
@RestController
@RequestMapping("/v1/notifications")
final class IntakeController {
    static final int BATCH_MAX = 1_000;
    private static final String KEY_HEADER = "Idempotency-Key";

    private final IntakeService intake;
    private final NotificationRequestReader reader;
    private final IntakeResponses responses;

    IntakeController(IntakeService intake, NotificationRequestReader reader, IntakeResponses responses) {
        this.intake = intake;
        this.reader = reader;
        this.responses = responses;
    }

    @PostMapping
    ResponseEntity<JsonWriter.Content> create(HttpServletRequest request, BodyReader body) {
        String key = idempotencyKey(request);
        return responses.of(intake.accept(() -> reader.read(FieldReader.ofBody(body.json()), key, KEY_HEADER)));
    }

    /** The servlet container decodes headers as ISO-8859-1; the key is UTF-8. */
    private static @Nullable String idempotencyKey(HttpServletRequest request) {
        List<String> values = Collections.list(request.getHeaders(KEY_HEADER));
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw Problem.invalid(KEY_HEADER, "repeated", "is given more than once")
                    .asException();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(values.getFirst().getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.invalid(KEY_HEADER, "invalid_utf8", "is not UTF-8").asException();
        }
    }

    @PostMapping("/batch")
    JsonWriter.Content createBatch(FieldReader fields) {
        List<Json> items = items(fields);
        List<Supplier<Reading>> readings = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Json item = items.get(i);
            String name = "notifications[" + i + "]";
            readings.add(() -> reader.readItem(FieldReader.ofItem(fields.body(), item, name)));
        }
        List<Result> results = intake.acceptAll(readings);
        // If no item was accepted and some may succeed later, the client should retry the whole batch.
        if (results.stream().allMatch(Result.Rejected.class::isInstance)) {
            results.stream()
                    .map(result -> ((Result.Rejected) result).problem())
                    .filter(problem -> problem.status() == 503)
                    .findFirst()
                    .ifPresent(problem -> {
                        throw problem.asException();
                    });
        }
        return g -> responses.write(g, results);
    }

    private static List<Json> items(FieldReader fields) {
        List<Json> items = fields.list("notifications");
        fields.require("notifications");
        if (items != null && items.size() > BATCH_MAX) {
            fields.wrong("notifications", "too_long", "has more than " + BATCH_MAX + " items", BATCH_MAX);
        }
        fields.finish();
        return items == null ? List.of() : items;
    }
}
