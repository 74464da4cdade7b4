package dev.rung.console;

import dev.rung.core.model.Durations;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.web.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ladders as written in form fields: {@code 3s, 30s, 5m}. */
final class LadderText {
    private LadderText() {}

    /** The ladder's name, or its steps if it has none. */
    static String of(LadderChoice choice) {
        return switch (choice) {
            case LadderChoice.Named named -> named.name();
            case LadderChoice.Inline inline -> of(inline.ladder());
        };
    }

    static String of(Ladder ladder) {
        return ladder.steps().stream().map(Durations::text).collect(Collectors.joining(", "));
    }

    /** Splits the text into steps, without validation. */
    static List<String> steps(String text) {
        return Stream.of(text.split("[,\\s]+", -1))
                .filter(step -> !step.isEmpty())
                .toList();
    }

    /** The steps as the API takes them. */
    static Json json(String text) {
        return new Json.Arr(steps(text).stream().<Json>map(Json.Text::new).toList());
    }
}
