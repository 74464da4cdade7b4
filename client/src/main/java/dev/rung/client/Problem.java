package dev.rung.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as the API tells it: RFC 9457.
 *
 * @param type names the kind; a program may rely on it
 * @param errors per field, for invalid input
 */
public record Problem(
        @Nullable String type,
        @Nullable String title,
        int status,
        @Nullable String detail,
        List<FieldError> errors) {

    public Problem {
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /** What is wrong with one field; the message goes on from its name. */
    public record FieldError(String field, String message) {}
}
