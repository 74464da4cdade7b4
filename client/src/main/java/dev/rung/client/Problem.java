package dev.rung.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem response after RFC 9457.
 *
 * @param type the stable identifier of the kind
 * @param errors by field, for invalid input
 */
public record Problem(
        @Nullable String type,
        @Nullable String title,
        int status,
        @Nullable String detail,
        List<FieldError> errors) {

    public Problem {
        errors = List.copyOf(errors);
    }

    /**
     * The error of a field.
     *
     * @param code identifies the kind of error, such as {@code too_long}; null from servers that have none
     * @param message follows the field's name
     */
    public record FieldError(String field, @Nullable String code, String message) {}

    /** A problem that the client found before it sent the request, in the server's form. */
    static Problem invalid(String field, String code, String message) {
        return new Problem(
                "urn:rung:problem:invalid",
                "Invalid request",
                422,
                field + " " + message,
                List.of(new FieldError(field, code, message)));
    }

    static Problem read(JsonObject json) {
        return new Problem(
                json.optionalText("type"),
                json.optionalText("title"),
                json.integer("status"),
                json.optionalText("detail"),
                json.objects(
                        "errors", e -> new FieldError(e.text("field"), e.optionalText("code"), e.text("message"))));
    }

    Problem withStatus(int value) {
        return new Problem(type, title, value, detail, errors);
    }

    /** Renames the fields of an item, whose index in the request differs from that in the caller's list. */
    Problem renamed(String prefix, String replacement) {
        return new Problem(
                type,
                title,
                status,
                detail == null ? null : detail.replace(prefix, replacement),
                errors.stream()
                        .map(e -> e.field().startsWith(prefix)
                                ? new FieldError(
                                        replacement + e.field().substring(prefix.length()), e.code(), e.message())
                                : e)
                        .toList());
    }
}
