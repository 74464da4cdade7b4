package dev.rung.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waits between attempts, by name or inline.
 *
 * @param name of a preset or saved ladder; null for inline steps
 * @param steps the waits; empty if there is a name
 */
public record Ladder(@Nullable String name, List<Duration> steps) {
    public Ladder {
        if ((name == null) == steps.isEmpty()) {
            throw new IllegalArgumentException("a ladder has either a name or steps");
        }
        steps = List.copyOf(steps);
    }

    /** A preset or saved ladder. */
    public static Ladder named(String name) {
        return new Ladder(name, List.of());
    }

    /** An inline ladder. */
    public static Ladder of(Duration... steps) {
        return new Ladder(null, List.of(steps));
    }
}
