package dev.rung.console;

import dev.rung.web.Problem;
import dev.rung.web.Problem.FieldError;
import dev.rung.web.ProblemResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;

/** Renders problems and errors of fields in the language of a page, by their codes and arguments. Immutable. */
@Lazy
@Component
final class ProblemMessages {
    /** The field name of a list item: {@code steps[3]}. */
    private static final Pattern ITEM = Pattern.compile("(.+)\\[(\\d+)]");

    private final ConsoleMessages messages;

    ProblemMessages(ConsoleMessages messages) {
        this.messages = messages;
    }

    /** The page of a problem, and the header that belongs to it. */
    ModelAndView page(Language language, Problem problem, HttpServletResponse response) {
        ProblemResponse.setRetryAfter(response, problem);
        String key = "problem." + problem.status();
        return Views.page(
                problem.status(),
                "problem",
                Map.of(
                        "status", problem.status(),
                        "title", messages.has(key) ? messages.get(language, key) : problem.title(),
                        "detail", detail(language, problem)));
    }

    /** The problem as one text. */
    String detail(Language language, Problem problem) {
        return problem.errors().isEmpty()
                ? text(language, "problem." + problem.code(), problem.arguments(), problem.detail())
                : problem.errors().stream()
                        .map(error -> messages.get(language, "field.wrong", error.field(), text(language, error)))
                        .collect(Collectors.joining("; "));
    }

    /** Errors by field. Those of list items are merged into the message of the list. */
    Map<String, String> errors(Language language, Problem problem) {
        Map<String, String> errors = new LinkedHashMap<>();
        for (FieldError error : problem.errors()) {
            Matcher item = ITEM.matcher(error.field());
            String text = text(language, error);
            if (item.matches()) {
                int number = Integer.parseInt(item.group(2)) + 1;
                String wait = messages.get(language, "ladders.wrong_wait", number, text);
                errors.merge(item.group(1), wait, (first, second) -> first + " " + second);
            } else {
                errors.putIfAbsent(error.field(), messages.get(language, "field.says", text));
            }
        }
        return errors;
    }

    private String text(Language language, FieldError error) {
        return text(language, "error." + error.code(), error.arguments(), error.message());
    }

    /**
     * The message for a key and its first argument, or else for the key alone.
     *
     * @param otherwise the text of the API, where there is no message
     */
    private String text(Language language, String key, List<Object> arguments, String otherwise) {
        String narrow = arguments.isEmpty() ? key : key + "." + arguments.getFirst();
        String found = messages.has(narrow) ? narrow : key;
        return messages.has(found) ? messages.get(language, found, arguments.toArray()) : otherwise;
    }
}
