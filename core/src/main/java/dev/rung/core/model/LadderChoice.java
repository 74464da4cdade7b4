package dev.rung.core.model;

import java.time.Duration;
import java.util.List;

/** Which ladder to climb: one saved by name, or steps given on the spot. */
public sealed interface LadderChoice {
    /** A preset, or one that an operator saved. */
    record Named(String name) implements LadderChoice {}

    /** Steps given with the merchant or the notification. */
    record Inline(Ladder ladder) implements LadderChoice {
        /** As the API gives them. */
        public List<Duration> steps() {
            return ladder.steps();
        }
    }
}
