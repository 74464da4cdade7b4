package dev.rung.web;

import dev.rung.core.model.InvalidValueException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem response after RFC 9457.
 *
 * @param slug the stable identifier of the kind
 * @param code identifies the occurrence for programs and translations: {@code merchant_not_found}
 * @param detail of this occurrence; never a secret or another merchant's data
 * @param arguments the parts of the detail that vary
 * @param errors by field, for invalid input; else empty
 * @param retryAfterSeconds null for no {@code Retry-After} header
 */
public record Problem(
        int status,
        String slug,
        String code,
        String title,
        String detail,
        List<Object> arguments,
        List<FieldError> errors,
        @Nullable Integer retryAfterSeconds) {

    /**
     * The error of a field.
     *
     * @param field its path, such as {@code notifications[3].payload}
     * @param code identifies the kind of error for programs and translations
     * @param message to follow the name: {@code "is required"}
     * @param arguments the parts of the message that vary
     */
    public record FieldError(String field, String code, String message, List<Object> arguments) {
        public FieldError {
            arguments = List.copyOf(arguments);
        }

        static FieldError of(String field, InvalidValueException e) {
            return new FieldError(field, e.code(), String.valueOf(e.getMessage()), e.arguments());
        }
    }

    public Problem {
        arguments = List.copyOf(arguments);
        errors = List.copyOf(errors);
    }

    private static Problem of(int status, String slug, String code, String title, String detail, Object... arguments) {
        return new Problem(status, slug, code, title, detail, List.of(arguments), List.of(), null);
    }

    /** The type URI. */
    public String type() {
        return "urn:rung:problem:" + slug;
    }

    public static Problem malformed(String code, String detail) {
        return of(400, "malformed", code, "Malformed request", detail);
    }

    public static Problem unauthorized() {
        return of(
                401,
                "unauthorized",
                "unauthorized",
                "Unauthorized",
                "A valid key is required: Authorization: Bearer KEY.");
    }

    public static Problem forbidden(String code, String detail) {
        return of(403, "forbidden", code, "Forbidden", detail);
    }

    public static Problem notFound(String code, String detail) {
        return of(404, "not-found", code, "Not found", detail);
    }

    public static Problem methodNotAllowed(String allowed) {
        return of(
                405,
                "method-not-allowed",
                "method_not_allowed",
                "Method not allowed",
                "Allowed methods: " + allowed + ".",
                allowed);
    }

    public static Problem incomplete() {
        return of(408, "incomplete", "incomplete", "Request timeout", "The body did not arrive completely in time.");
    }

    public static Problem conflict(String code, String detail, Object... arguments) {
        return of(409, "conflict", code, "Conflict", detail, arguments);
    }

    public static Problem idempotencyConflict(String first) {
        return of(
                409,
                "idempotency-conflict",
                "idempotency_conflict",
                "Idempotency key reused",
                "The key was used with another notification, for " + first + ".",
                first);
    }

    public static Problem tooLarge(int bytesMax) {
        return of(
                413,
                "too-large",
                "too_large",
                "Content too large",
                "The body is larger than " + bytesMax + " bytes.",
                bytesMax);
    }

    public static Problem unsupportedMediaType(String detail) {
        return of(415, "unsupported-media-type", "unsupported_media_type", "Unsupported media type", detail);
    }

    public static Problem invalid(List<FieldError> errors) {
        StringBuilder detail = new StringBuilder();
        for (FieldError error : errors) {
            detail.append(detail.isEmpty() ? "" : "; ")
                    .append(error.field())
                    .append(' ')
                    .append(error.message());
        }
        return new Problem(
                422, "invalid", "invalid", "Invalid request", detail.append('.').toString(), List.of(), errors, null);
    }

    public static Problem invalid(String field, String code, String message, Object... arguments) {
        return invalid(List.of(new FieldError(field, code, message, List.of(arguments))));
    }

    public static Problem invalid(String field, InvalidValueException e) {
        return invalid(List.of(FieldError.of(field, e)));
    }

    public static Problem tooManyRequests(String code, String detail, int retryAfterSeconds) {
        return new Problem(
                429, "too-many-requests", code, "Too many requests", detail, List.of(), List.of(), retryAfterSeconds);
    }

    public static Problem internal() {
        return of(500, "internal", "internal", "Internal error", "Internal error; see the server's log.");
    }

    public static Problem unavailable(String code, String detail, int retryAfterSeconds) {
        return new Problem(
                503, "unavailable", code, "Service unavailable", detail, List.of(), List.of(), retryAfterSeconds);
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }
}
