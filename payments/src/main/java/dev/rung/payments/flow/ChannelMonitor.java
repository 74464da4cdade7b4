package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.port.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Checks the channels from time to time, so that a wrong key or an unreachable gateway is known before an operator looks for it. Thread-safe. */
public final class ChannelMonitor {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration WHEN_FAILING = Duration.ofSeconds(15);

    private final Payments payments;
    private final Timer timer;
    private final Executor executor;
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    /** The channels that are checked from time to time. */
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    public ChannelMonitor(Payments payments, EngineRuntime runtime) {
        this.payments = payments;
        this.timer = runtime.timer();
        this.executor = runtime.executor();
    }

    public void start() {
        timer.after(FIRST, this::checkNew);
    }

    /** Accounts may be added while the server runs. */
    private void checkNew() {
        if (stopped) {
            return;
        }
        payments.channels().stream().filter(checked::add).forEach(channel -> checkAfter(Duration.ZERO, channel));
        timer.after(FIRST, this::checkNew);
    }

    public void stop() {
        stopped = true;
    }

    private void checkAfter(Duration delay, String channel) {
        timer.after(
                delay,
                () -> executor.execute(() -> {
                    if (!payments.channels().contains(channel)) {
                        checked.remove(channel);
                        problems.remove(channel);
                    } else if (!stopped) {
                        checkAfter(check(channel).isEmpty() ? EVERY : WHEN_FAILING, channel);
                    }
                }));
    }

    /** Checks a channel now. Blocks for the channel. Returns what is wrong. */
    public List<String> check(String channel) {
        List<String> found = payments.check(channel);
        if (found.isEmpty()) {
            problems.remove(channel);
        } else {
            problems.put(channel, found.getFirst());
        }
        return found;
    }

    /** What the last check of a channel found; empty if nothing is known to be wrong. */
    public Optional<String> problem(String channel) {
        return Optional.ofNullable(problems.get(channel));
    }

    /** The channels with problems, and what the last check of each found. */
    public Map<String, String> problemsByChannel() {
        return Map.copyOf(problems);
    }

    /** The channels with problems, as sentences. */
    public List<String> problems() {
        return new TreeMap<>(problems)
                .entrySet().stream()
                        .map(e -> "the channel " + e.getKey() + " fails: " + e.getValue())
                        .toList();
    }
}
