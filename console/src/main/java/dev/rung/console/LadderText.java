package dev.rung.console;

import dev.rung.core.model.Durations;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.web.JsonWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ladders as people write them in a field: {@code 3s, 30s, 5m}. */
final class LadderText {
    private LadderText() {}

    /** A ladder's name, or its steps where it has none. */
    static String of(LadderChoice choice) {
        return switch (choice) {
            case LadderChoice.Named named -> named.name();
            case LadderChoice.Inline inline -> of(inline.ladder());
        };
    }

    static String of(Ladder ladder) {
        return ladder.steps().stream().map(Durations::text).collect(Collectors.joining(", "));
    }

    /** The steps that somebody wrote, not checked. */
    static List<String> steps(String text) {
        return Stream.of(text.split("[,\\s]+", -1))
                .filter(step -> !step.isEmpty())
                .toList();
    }

    /** Writes them as the API takes them. */
    static JsonWriter.Content json(String member, String text) {
        return g -> {
            g.writeArrayPropertyStart(member);
            steps(text).forEach(g::writeString);
            g.writeEndArray();
        };
    }
}
