package dev.rung.api;

import dev.rung.api.IntakeService.Result;
import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.core.model.TraceParent;
import dev.rung.web.BodyReader;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.ProblemResponse;
import dev.rung.web.RequestTrace;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * Accepts notifications: one, or up to a thousand at once. Responds 202 only after commit.
 *
 * <p>A filter, not a controller, because a controller costs more CPU than the rest of the intake of one notification.
 * Comes after Spring Security's filters, which decide who may call it.
 */
final class IntakeFilter extends HttpFilter {
    static final int BATCH_MAX = 1_000;
    static final String ONE = "/v1/notifications";
    static final String BATCH = "/v1/notifications/batch";
    private static final long serialVersionUID = 1L;
    private static final String KEY_HEADER = "Idempotency-Key";

    private final transient IntakeService intake;
    private final transient NotificationRequestReader reader;
    private final transient IntakeResponses responses;

    IntakeFilter(IntakeService intake, NotificationRequestReader reader, IntakeResponses responses) {
        this.intake = intake;
        this.reader = reader;
        this.responses = responses;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath();
        if (request.getMethod().equals("POST") && (path.equals(ONE) || path.equals(BATCH))) {
            accept(path, request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void accept(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (path.equals(ONE)) {
                create(request, response);
            } else {
                createBatch(request, response);
            }
        } catch (RuntimeException e) {
            ProblemResponse.write(request, response, e);
        }
    }

    private void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String key = idempotencyKey(request);
        byte[] body = new BodyReader(request).json();
        TraceParent trace = RequestTrace.of(request);
        ResponseEntity<JsonWriter.Content> result = responses.of(intake.accept(
                () -> reader.read(FieldReader.ofBody(body), key, KEY_HEADER).withTrace(trace)));
        write(response, result.getStatusCode().value(), result.getBody());
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

    private void createBatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FieldReader fields = FieldReader.ofBody(new BodyReader(request).json());
        List<Json> items = items(fields);
        TraceParent trace = RequestTrace.of(request);
        List<Supplier<Reading>> readings = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Json item = items.get(i);
            String name = "notifications[" + i + "]";
            readings.add(() -> reader.readItem(FieldReader.ofItem(fields.body(), item, name))
                    .withTrace(trace));
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
        write(response, HttpServletResponse.SC_OK, g -> responses.write(g, results));
    }

    private static void write(HttpServletResponse response, int status, JsonWriter.@Nullable Content content)
            throws IOException {
        byte[] body = JsonWriter.write(Objects.requireNonNull(content));
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
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
