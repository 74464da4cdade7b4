package dev.rung.core.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Selects a ladder: by name, or by inline steps. */
public sealed interface LadderChoice {
    /** Its name; null for inline steps. */
    default @Nullable String nameOrNull() {
        return this instanceof Named named ? named.name() : null;
    }

    /** A preset, or a ladder saved by an operator. */
    record Named(String name) implements LadderChoice {}

    /** Steps given with the merchant or the notification. */
    record Inline(Ladder ladder) implements LadderChoice {
        /** The steps as in the API. */
        public List<Duration> steps() {
            return ladder.steps();
        }
    }
}
