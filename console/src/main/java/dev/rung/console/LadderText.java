package dev.rung.console;

import dev.rung.core.model.Durations;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.web.JsonWriter;
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

    /** Writes the steps as a JSON array for the API. */
    static JsonWriter.Content json(String member, String text) {
        return g -> {
            g.writeArrayPropertyStart(member);
            steps(text).forEach(g::writeString);
            g.writeEndArray();
        };
    }
}
