package dev.rung.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem response after RFC 9457.
 *
 * @param slug the stable identifier of the kind
 * @param detail of this occurrence; never a secret or another merchant's data
 * @param errors by field, for invalid input; else empty
 * @param retryAfterSeconds null for no {@code Retry-After} header
 */
public record Problem(
        int status,
        String slug,
        String title,
        String detail,
        List<FieldError> errors,
        @Nullable Integer retryAfterSeconds) {

    /**
     * The error of a field.
     *
     * @param field its path, such as {@code notifications[3].payload}
     * @param code identifies the kind of error for programs; null if it has none
     * @param message to follow the name: {@code "is required"}
     */
    public record FieldError(String field, @Nullable String code, String message) {
        public FieldError(String field, String message) {
            this(field, null, message);
        }
    }

    public Problem {
        errors = List.copyOf(errors);
    }

    private static Problem of(int status, String slug, String title, String detail) {
        return new Problem(status, slug, title, detail, List.of(), null);
    }

    /** The type URI. */
    public String type() {
        return "urn:rung:problem:" + slug;
    }

    public static Problem malformed(String detail) {
        return of(400, "malformed", "Malformed request", detail);
    }

    public static Problem unauthorized() {
        return of(401, "unauthorized", "Unauthorized", "A valid key is required: Authorization: Bearer KEY.");
    }

    public static Problem forbidden(String detail) {
        return of(403, "forbidden", "Forbidden", detail);
    }

    public static Problem notFound(String detail) {
        return of(404, "not-found", "Not found", detail);
    }

    public static Problem methodNotAllowed(String allowed) {
        return of(405, "method-not-allowed", "Method not allowed", "Allowed methods: " + allowed + ".");
    }

    public static Problem conflict(String detail) {
        return of(409, "conflict", "Conflict", detail);
    }

    public static Problem idempotencyConflict(String first) {
        return of(
                409,
                "idempotency-conflict",
                "Idempotency key reused",
                "The key was used with another notification, for " + first + ".");
    }

    public static Problem tooLarge(int bytesMax) {
        return of(413, "too-large", "Content too large", "The body is larger than " + bytesMax + " bytes.");
    }

    public static Problem unsupportedMediaType(String detail) {
        return of(415, "unsupported-media-type", "Unsupported media type", detail);
    }

    public static Problem invalid(List<FieldError> errors) {
        StringBuilder detail = new StringBuilder();
        for (FieldError error : errors) {
            detail.append(detail.isEmpty() ? "" : "; ")
                    .append(error.field())
                    .append(' ')
                    .append(error.message());
        }
        return new Problem(422, "invalid", "Invalid request", detail.append('.').toString(), errors, null);
    }

    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    public static Problem tooManyRequests(String detail, int retryAfterSeconds) {
        return new Problem(429, "too-many-requests", "Too many requests", detail, List.of(), retryAfterSeconds);
    }

    public static Problem internal() {
        return of(500, "internal", "Internal error", "Internal error; see the server's log.");
    }

    public static Problem unavailable(String detail, int retryAfterSeconds) {
        return new Problem(503, "unavailable", "Service unavailable", detail, List.of(), retryAfterSeconds);
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }
}
