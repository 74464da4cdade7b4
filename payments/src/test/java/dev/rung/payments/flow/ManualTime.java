package dev.rung.payments.flow;

import dev.rung.core.port.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that only the test moves, with a timer that runs what becomes due. */
final class ManualTime implements Timer, InstantSource {
    private Instant now;
    private final List<Due> dues = new ArrayList<>();

    private record Due(Instant at, Runnable task) {}

    ManualTime(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Due due = new Due(now.plus(delay), task);
        dues.add(due);
        return () -> dues.remove(due);
    }

    /** Advances the clock and runs what becomes due. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Due next = dues.stream()
                    .filter(due -> !due.at().isAfter(end))
                    .min(Comparator.comparing(Due::at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            dues.remove(next);
            now = next.at().isAfter(now) ? next.at() : now;
            next.task().run();
        }
        now = end;
    }

    /** Advances the clock, as if a call took this long; runs nothing. */
    void take(Duration time) {
        now = now.plus(time);
    }
}
