package dev.rung.core.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The waits between attempts, in order. The first attempt is immediate; step 0 is the wait after it fails. When the attempt after the
 * last step fails, the delivery is exhausted.
 *
 * @param steps 1 to 50 waits, each 1 s to 24 h in whole milliseconds
 */
public record Ladder(List<Duration> steps) {
    public static final int STEPS_MAX = 50;
    public static final Duration STEP_MIN = Duration.ofSeconds(1);
    public static final Duration STEP_MAX = Duration.ofHours(24);

    /** The default: 3, 30, 60, 120, 180, 300 s. */
    public static final String DEFAULT_NAME = "steps";

    private static final Map<String, Ladder> PRESETS = presetLadders();

    public Ladder {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.size() > STEPS_MAX) {
            throw new IllegalArgumentException("a ladder has 1 to " + STEPS_MAX + " steps, not " + steps.size());
        }
        for (Duration step : steps) {
            if (step.compareTo(STEP_MIN) < 0 || step.compareTo(STEP_MAX) > 0) {
                throw new IllegalArgumentException(
                        "a step is between 1s and 24h, which " + Durations.text(step) + " is not");
            }
        }
    }

    /** The built-in ladders, by name; they cannot be changed. */
    public static Map<String, Ladder> presets() {
        return PRESETS;
    }

    /** {@code of("3s", "30s")}. */
    public static Ladder of(String... steps) {
        return new Ladder(Stream.of(steps).map(Durations::parse).toList());
    }

    /** Parses the format of {@link #compact()}. */
    public static Ladder parseCompact(String text) {
        List<Duration> steps = new ArrayList<>();
        for (String millis : text.split(",", -1)) {
            steps.add(Duration.ofMillis(Long.parseLong(millis)));
        }
        return new Ladder(steps);
    }

    /** The steps in milliseconds, comma-separated: the format of stores. */
    public String compact() {
        return steps.stream().map(s -> Long.toString(s.toMillis())).collect(Collectors.joining(","));
    }

    /** The number of attempts until the delivery is exhausted. */
    public int attemptsMax() {
        return steps.size() + 1;
    }

    private static Map<String, Ladder> presetLadders() {
        Map<String, Ladder> presets = new LinkedHashMap<>();
        presets.put(DEFAULT_NAME, of("3s", "30s", "60s", "120s", "180s", "300s"));
        presets.put(
                "doubling",
                new Ladder(IntStream.rangeClosed(1, 5)
                        .mapToObj(n -> Duration.ofSeconds(5L * ((1 << n) - 1)))
                        .toList()));
        presets.put(
                "wechat",
                of("15s", "15s", "30s", "3m", "10m", "20m", "30m", "30m", "30m", "60m", "3h", "3h", "3h", "6h", "6h"));
        presets.put("alipay", of("4m", "10m", "10m", "1h", "2h", "6h", "15h"));
        presets.put("standard-webhooks", of("5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"));
        return java.util.Collections.unmodifiableMap(presets);
    }
}
