package dev.rung.console;

import dev.rung.web.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Names and values of a query or of a form that was sent; of a name that comes twice, the last. */
final class Form {
    static final Form EMPTY = new Form(Map.of());

    private final Map<String, String> values;

    private Form(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads what is percent-encoded.
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
            throw Problem.malformed("What was sent is not percent-encoded.").asException();
        }
    }

    /** The value without the blanks around it; empty if there is none or nothing but blanks. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** The value as it came, blanks and all; {@code ""} if there is none. */
    String exact(String name) {
        return values.getOrDefault(name, "");
    }

    /** As {@link #text}, {@code ""} where there is none: what a field of the page is to show again. */
    String shown(String name) {
        return text(name).orElse("");
    }

    /** What the text stands for; empty if it cannot be read: addresses are made up by hand too. */
    static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@link #text} and {@link #parsed(String, Function)} in one. */
    <T> Optional<T> parsedText(String name, Function<String, T> parse) {
        return text(name).flatMap(text -> parsed(text, parse));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
