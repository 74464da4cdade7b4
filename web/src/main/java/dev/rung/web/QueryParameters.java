package dev.rung.web;

import dev.rung.core.model.InvalidValueException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads query parameters and collects their errors: invalid values, repeated and unknown parameters. An empty parameter counts as absent. A
 * parameter of controllers; {@link #finish} is called when all have been read.
 */
public final class QueryParameters {
    private static final int NAME_SHOWN_MAX = 64;

    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final FieldErrors errors = new FieldErrors();

    QueryParameters(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return;
        }
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            if (parameters.putIfAbsent(name, value) != null) {
                wrong(shown(name), "repeated", "is given more than once");
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("query_encoding", "The query is not percent-encoded.")
                    .asException();
        }
    }

    public @Nullable String text(String name) {
        String value = parameters.remove(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * Reads and parses a parameter.
     *
     * @param parse throws {@link InvalidValueException}
     */
    public <T> @Nullable T text(String name, Function<String, T> parse) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return parse.apply(value);
        } catch (InvalidValueException e) {
            errors.add(name, e);
            return null;
        }
    }

    public int integer(String name, int absent, int min, int max) {
        Integer value = text(name, text -> {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
                throw new InvalidValueException(
                        "out_of_range", "is not a whole number from " + min + " to " + max, min, max);
            }
            return Integer.valueOf(text);
        });
        return value == null ? absent : value;
    }

    /** Adds an error if the parameter is absent. Called before it is read. */
    public void require(String name) {
        if (parameters.getOrDefault(name, "").isEmpty()) {
            wrong(name, "required", "is required");
        }
    }

    /** Adds an error for a parameter. */
    public void wrong(String name, String code, String message, Object... arguments) {
        errors.add(name, code, message, arguments);
    }

    /**
     * Ends the reading.
     *
     * @throws ProblemException 422 if a parameter is invalid or unknown
     */
    public void finish() {
        for (String name : parameters.keySet()) {
            wrong(shown(name), "unknown_parameter", "is not a parameter of this request");
        }
        errors.check();
    }

    private static String shown(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }
}
