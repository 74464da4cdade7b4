package dev.rung.console;

import dev.rung.web.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters of a query or a submitted form; of repeated names, the last counts. */
final class Form {
    static final Form EMPTY = new Form(Map.of());

    private final Map<String, String> values;

    private Form(Map<String, String> values) {
        this.values = values;
    }

    /** The submitted form; of {@code GET}, the query. */
    static Form of(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return parse(request.getQueryString());
        }
        Map<String, String> values = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, all) -> values.put(name, all[all.length - 1]));
        return new Form(values);
    }

    /**
     * Parses {@code application/x-www-form-urlencoded} text.
     *
     * @throws dev.rung.web.ProblemException 400 if it is not
     */
    static Form parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            values.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    decoded(equals < 0 ? "" : pair.substring(equals + 1)));
        }
        return new Form(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("form_encoding", "The form is not percent-encoded.")
                    .asException();
        }
    }

    /** The trimmed value; empty if it is missing or blank. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** The value as submitted; {@code ""} if it is missing. */
    String exact(String name) {
        return values.getOrDefault(name, "");
    }

    /** The trimmed value, {@code ""} if it is missing or blank: what the field shows again. */
    String shown(String name) {
        return text(name).orElse("");
    }

    /** The parsed text; empty if it is invalid. */
    static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The parsed value of a parameter; empty if it is missing or invalid. */
    <T> Optional<T> parsedText(String name, Function<String, T> parse) {
        return text(name).flatMap(text -> parsed(text, parse));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
