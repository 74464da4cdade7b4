package dev.rung.client;

import java.time.Duration;
import java.util.List;

/**
 * A named ladder.
 *
 * @param preset whether it is built-in and cannot be changed
 */
public record SavedLadder(String name, List<Duration> steps, boolean preset) {
    public SavedLadder {
        steps = List.copyOf(steps);
    }

    static SavedLadder read(JsonObject json) {
        return new SavedLadder(json.text("name"), json.durations("steps"), json.flag("preset"));
    }
}
