package dev.rung.client;

import java.time.Duration;
import java.util.List;

/**
 * A ladder that has a name.
 *
 * @param preset it came with Rung and cannot be changed
 */
public record SavedLadder(String name, List<Duration> steps, boolean preset) {
    public SavedLadder {
        steps = List.copyOf(steps);
    }
}
