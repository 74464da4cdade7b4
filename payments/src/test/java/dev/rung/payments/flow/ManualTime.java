package dev.rung.payments.flow;

import dev.rung.core.port.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that stands until it is moved, and what is due when it is. */
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

    /** Lets time pass, and what is due meanwhile happen. */
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

    /** Lets time pass while something takes it; nothing else happens. */
    void take(Duration time) {
        now = now.plus(time);
    }
}
