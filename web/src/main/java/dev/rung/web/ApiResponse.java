package dev.rung.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The response to a request. */
public sealed interface ApiResponse {
    String JSON = "application/json";
    String PROBLEM = "application/problem+json";

    /**
     * A complete response.
     *
     * @param headers besides the content type and length
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements ApiResponse {}

    /** A streamed response. */
    record Streamed(String contentType, Body body) implements ApiResponse {}

    /** Writes a streamed response. Always closed, even if it was never written. */
    interface Body extends AutoCloseable {
        /** Writes the stream; returns at its end. */
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }

    static ApiResponse json(int status, byte[] body) {
        return new Whole(status, JSON, body, Map.of());
    }

    static ApiResponse json(int status, JsonWriter.Content content) {
        return json(status, JsonWriter.write(content));
    }

    static ApiResponse text(int status, String contentType, String text) {
        return new Whole(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static ApiResponse noContent() {
        return new Whole(204, "", new byte[0], Map.of());
    }

    static ApiResponse problem(Problem problem) {
        Map<String, String> headers = problem.retryAfterSeconds() == null
                ? Map.of()
                : Map.of("Retry-After", problem.retryAfterSeconds().toString());
        return new Whole(problem.status(), PROBLEM, JsonWriter.write(g -> JsonWriter.problem(g, problem)), headers);
    }
}
