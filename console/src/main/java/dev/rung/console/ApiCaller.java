package dev.rung.console;

import dev.rung.web.ApiResponse;
import dev.rung.web.InProcessApi;
import dev.rung.web.Json;
import dev.rung.web.JsonReader;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes things by calling the API in the process, as whoever signed in. Thread-safe. */
final class ApiCaller {
    /** One of a list's items. */
    private static final Pattern ITEM = Pattern.compile("(.+)\\[(\\d+)]");

    private final InProcessApi api;
    private final ConsoleMessages words;
    private final Objections objections;

    ApiCaller(InProcessApi api, ConsoleMessages words, Objections objections) {
        this.api = api;
        this.words = words;
        this.objections = objections;
    }

    /**
     * What the API said.
     *
     * @param body JSON; empty: none
     */
    record Said(int status, Map<String, Json> body) {
        boolean isGood() {
            return status < 400;
        }

        /** A member that is a string or a number; {@code ""} if there is none. */
        String text(String name) {
            return switch (body.get(name)) {
                case null -> "";
                case Json.Text text -> text.value();
                case Json.Num number -> number.literal();
                case Json.Bool bool -> Boolean.toString(bool.value());
                case Json other -> "";
            };
        }

        long number(String name) {
            String text = text(name);
            return text.isEmpty() ? 0 : Long.parseLong(text);
        }

        /** What is wrong with the fields, by their names, in the API's English; not empty only for invalid input. */
        Map<String, String> errors() {
            Map<String, String> errors = new LinkedHashMap<>();
            if (body.get("errors") instanceof Json.Arr array) {
                for (Json item : array.items()) {
                    if (item instanceof Json.Obj error
                            && error.members().get("field") instanceof Json.Text field
                            && error.members().get("message") instanceof Json.Text message) {
                        errors.putIfAbsent(field.value(), message.value());
                    }
                }
            }
            return errors;
        }
    }

    /** Calls with a body. */
    Said call(PageRequest visit, String method, String path, JsonWriter.Content body) {
        return said(api.call(visit.caller(), method, path, JsonWriter.write(body)));
    }

    /** Calls without. */
    Said call(PageRequest visit, String method, String path) {
        return said(api.call(visit.caller(), method, path));
    }

    private static Said said(ApiResponse.Whole answer) {
        Map<String, Json> body = answer.body().length == 0
                ? Map.of()
                : Optional.of(JsonReader.read(answer.body()))
                        .filter(Json.Obj.class::isInstance)
                        .map(json -> ((Json.Obj) json).members())
                        .orElse(Map.of());
        return new Said(answer.status(), body);
    }

    /** Posts and goes on to a page; or says what was wrong. */
    PageResponse post(PageRequest visit, String path, String then) {
        return then(visit, call(visit, "POST", path), then);
    }

    /** Goes on to a page if all went well; or says what was wrong. */
    PageResponse then(PageRequest visit, Said said, String then) {
        return said.isGood() ? new PageResponse.Redirect(then) : problem(visit, said);
    }

    /** A page that says what was wrong. */
    PageResponse problem(PageRequest visit, Said said) {
        String key = "problem." + said.status();
        return new PageResponse.Html(
                said.status(),
                "problem",
                Map.of(
                        "status",
                        said.status(),
                        "title",
                        words.has(key) ? words.say(visit.language(), key) : said.text("title"),
                        "detail",
                        detail(visit, said)));
    }

    /** What is wrong, in one text and in the visitor's language. */
    String detail(PageRequest visit, Said said) {
        return objections.say(visit.language(), said.text("detail"), said.errors());
    }

    /** What is wrong with the fields, by their names and in the visitor's language. What is wrong with a ladder's waits stands with the ladder. */
    Map<String, String> errors(PageRequest visit, Said said) {
        Map<String, String> errors = new LinkedHashMap<>();
        said.errors().forEach((field, message) -> {
            Matcher item = ITEM.matcher(field);
            String sentence = objections.say(visit.language(), message);
            if (item.matches()) {
                String wait = say(visit, "ladders.wrong_wait", Integer.parseInt(item.group(2)) + 1, sentence);
                errors.merge(item.group(1), wait, (first, second) -> first + " " + second);
            } else {
                errors.put(field, say(visit, "field.says", sentence));
            }
        });
        return errors;
    }

    String say(PageRequest visit, String key, Object... values) {
        return words.say(visit.language(), key, values);
    }

    /** A part of a path. */
    static String step(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
