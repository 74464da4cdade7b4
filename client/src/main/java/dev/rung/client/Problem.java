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
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /** The error of a field; the message follows the field's name. */
    public record FieldError(String field, String message) {}
}
