package dev.rung.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What is answered to a call. */
public sealed interface ApiResponse {
    String JSON = "application/json";
    String PROBLEM = "application/problem+json";

    /**
     * An answer that is ready.
     *
     * @param headers besides the content type and length
     */
    @SuppressWarnings("ArrayRecordComponent") // goes to the socket; nobody compares it
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements ApiResponse {}

    /** An answer that is written bit by bit for as long as it takes. */
    record Streamed(String contentType, Body body) implements ApiResponse {}

    /** What writes a streamed answer. It is closed in any case, though it was never written. */
    interface Body extends AutoCloseable {
        /** Writes; returns when it is over. */
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
