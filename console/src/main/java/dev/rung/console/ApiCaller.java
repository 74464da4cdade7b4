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

/** Calls the API in-process, as the signed-in caller. Thread-safe. */
final class ApiCaller {
    /** The field name of a list item: {@code steps[3]}. */
    private static final Pattern ITEM = Pattern.compile("(.+)\\[(\\d+)]");

    private final InProcessApi api;
    private final ConsoleMessages messages;
    private final ApiErrorTranslator errorTranslator;

    ApiCaller(InProcessApi api, ConsoleMessages messages, ApiErrorTranslator errorTranslator) {
        this.api = api;
        this.messages = messages;
        this.errorTranslator = errorTranslator;
    }

    /**
     * The API's response.
     *
     * @param body the members of the JSON object; empty if there is no body
     */
    record Result(int status, Map<String, Json> body) {
        boolean isGood() {
            return status < 400;
        }

        /** A string, number or boolean member as text; {@code ""} if there is none. */
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

        /** The API's English error messages by field name; empty unless the input is invalid. */
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

    /** Calls the API with a body. */
    Result call(PageRequest visit, String method, String path, JsonWriter.Content body) {
        return result(api.call(visit.caller(), method, path, JsonWriter.write(body)));
    }

    /** Calls the API without a body. */
    Result call(PageRequest visit, String method, String path) {
        return result(api.call(visit.caller(), method, path));
    }

    private static Result result(ApiResponse.Whole answer) {
        Map<String, Json> body = answer.body().length == 0
                ? Map.of()
                : Optional.of(JsonReader.read(answer.body()))
                        .filter(Json.Obj.class::isInstance)
                        .map(json -> ((Json.Obj) json).members())
                        .orElse(Map.of());
        return new Result(answer.status(), body);
    }

    /** Posts, then redirects to a page, or shows the problem. */
    PageResponse post(PageRequest visit, String path, String then) {
        return then(visit, call(visit, "POST", path), then);
    }

    /** Redirects to a page on success, or shows the problem. */
    PageResponse then(PageRequest visit, Result result, String then) {
        return result.isGood() ? new PageResponse.Redirect(then) : problem(visit, result);
    }

    /** The page of a problem. */
    PageResponse problem(PageRequest visit, Result result) {
        String key = "problem." + result.status();
        return new PageResponse.Html(
                result.status(),
                "problem",
                Map.of(
                        "status",
                        result.status(),
                        "title",
                        messages.has(key) ? messages.get(visit.language(), key) : result.text("title"),
                        "detail",
                        detail(visit, result)));
    }

    /** The problem as one text in the page's language. */
    String detail(PageRequest visit, Result result) {
        return errorTranslator.translate(visit.language(), result.text("detail"), result.errors());
    }

    /** Translated error messages by field name. Errors of list items are merged into the message of the list. */
    Map<String, String> errors(PageRequest visit, Result result) {
        Map<String, String> errors = new LinkedHashMap<>();
        result.errors().forEach((field, message) -> {
            Matcher item = ITEM.matcher(field);
            String sentence = errorTranslator.translate(visit.language(), message);
            if (item.matches()) {
                String wait = message(visit, "ladders.wrong_wait", Integer.parseInt(item.group(2)) + 1, sentence);
                errors.merge(item.group(1), wait, (first, second) -> first + " " + second);
            } else {
                errors.put(field, message(visit, "field.says", sentence));
            }
        });
        return errors;
    }

    String message(PageRequest visit, String key, Object... values) {
        return messages.get(visit.language(), key, values);
    }

    /** Percent-encodes a path segment. */
    static String step(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
