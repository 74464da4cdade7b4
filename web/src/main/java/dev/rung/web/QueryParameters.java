package dev.rung.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads query parameters and adds errors to {@link FieldErrors}. An empty parameter counts as absent.
 */
public final class QueryParameters {
    private static final int NAME_SHOWN_MAX = 64;

    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final FieldErrors errors;

    QueryParameters(@Nullable String text, FieldErrors errors) {
        this.errors = errors;
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
                errors.add(shown(name), "is given more than once");
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("The query is not percent-encoded.").asException();
        }
    }

    public @Nullable String text(String name) {
        String value = parameters.remove(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * Reads and parses a parameter.
     *
     * @param parse throws {@link IllegalArgumentException} with a message to follow the parameter's name
     */
    public <T> @Nullable T text(String name, Function<String, T> parse) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            errors.add(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    public int integer(String name, int absent, int min, int max) {
        Integer value = text(name, text -> {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
                throw new IllegalArgumentException("is not a whole number from " + min + " to " + max);
            }
            return Integer.valueOf(text);
        });
        return value == null ? absent : value;
    }

    /** Adds an error for each unknown parameter. Called last. */
    public void refuseOthers() {
        for (String name : parameters.keySet()) {
            errors.add(shown(name), "is not a parameter of this request");
        }
    }

    private static String shown(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }
}
