package dev.rung.client;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after each failed attempt: by name, or as steps given on the spot.
 *
 * @param name a preset's or a saved one's; null where steps are given
 * @param steps the waits; empty where a name is given
 */
public record Ladder(@Nullable String name, List<Duration> steps) {
    public Ladder {
        if ((name == null) == steps.isEmpty()) {
            throw new IllegalArgumentException("a ladder has either a name or steps");
        }
        steps = List.copyOf(steps);
    }

    /** A preset, or one that an operator saved. */
    public static Ladder named(String name) {
        return new Ladder(name, List.of());
    }

    /** These waits. */
    public static Ladder of(Duration... steps) {
        return new Ladder(null, List.of(steps));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Ladder read(Object json) {
        if (json instanceof List<?> steps) {
            return new Ladder(
                    null,
                    steps.stream().map(s -> Durations.parse(String.valueOf(s))).toList());
        }
        return named(String.valueOf(json));
    }

    @JsonValue
    Object json() {
        return name != null ? name : steps.stream().map(Durations::text).toList();
    }
}
