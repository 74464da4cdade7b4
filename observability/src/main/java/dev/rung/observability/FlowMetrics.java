package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Metrics of the flow's events. Labels never contain ids. */
public final class FlowMetrics implements FlowListener {
    /** Buckets of lateness, from the timer's resolution to minutes. */
    private static final Duration[] LATENESS_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofHours(1)
    };

    private static final Duration[] DURATION_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final Counter accepted;
    private final Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);
    private final Timer lateness;
    private final Timer duration;
    private final Counter superseded;
    private final Counter parkedByMerchant;
    private final Counter parkedByOrder;
    private final Counter resent;
    private final Counter cancelled;
    private final Counter staleWakes;
    private final Map<FlowEvent.Rearmed.Cause, Counter> rearmed = new EnumMap<>(FlowEvent.Rearmed.Cause.class);
    private final Counter defects;

    public FlowMetrics(MeterRegistry registry) {
        accepted = counter(registry, "rung.accepted", "Accepted notifications");
        for (Outcome outcome : Outcome.values()) {
            attempts.put(
                    outcome,
                    Counter.builder("rung.attempts")
                            .description("Recorded attempts, by outcome")
                            .tag("outcome", outcome.text())
                            .register(registry));
        }
        lateness = Timer.builder("rung.lateness")
                .description("Lateness: start of an attempt minus its due time")
                .serviceLevelObjectives(LATENESS_BUCKETS)
                .register(registry);
        duration = Timer.builder("rung.attempt.duration")
                .description("Duration of attempts")
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(registry);
        superseded = counter(registry, "rung.superseded", "Attempts whose wake was stale when they ended");
        parkedByMerchant = parked(registry, "merchant");
        parkedByOrder = parked(registry, "order");
        resent = counter(registry, "rung.resent", "Resent notifications");
        cancelled = counter(registry, "rung.cancelled", "Cancelled notifications");
        staleWakes = counter(registry, "rung.stale.wakes", "Dropped stale wakes");
        for (FlowEvent.Rearmed.Cause cause : FlowEvent.Rearmed.Cause.values()) {
            rearmed.put(
                    cause,
                    Counter.builder("rung.rearmed")
                            .description("Re-armed wakes, by cause")
                            .tag("cause", label(cause))
                            .register(registry));
        }
        defects = counter(registry, "rung.defects", "Unexpected failures");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Counter parked(MeterRegistry registry, String by) {
        return Counter.builder("rung.parked")
                .description("Parked deliveries, by reason")
                .tag("held_by", by)
                .register(registry);
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void on(FlowEvent event) {
        switch (event) {
            case FlowEvent.Accepted e -> accepted.increment();
            case FlowEvent.Attempted e -> attempted(e.attempt());
            case FlowEvent.Superseded e -> {
                attempted(e.attempt());
                superseded.increment();
            }
            case FlowEvent.Parked e -> {
                switch (e.wakeLocation()) {
                    case HELD_BY_ORDER -> parkedByOrder.increment();
                    case HELD_BY_BULKHEAD, QUEUED, DEFERRED -> parkedByMerchant.increment();
                }
            }
            case FlowEvent.Resent e -> resent.increment();
            case FlowEvent.Cancelled e -> cancelled.increment();
            case FlowEvent.ReceiverDeleted e -> cancelled.increment();
            case FlowEvent.StaleWake e -> staleWakes.increment();
            case FlowEvent.Rearmed e -> counterOf(rearmed, e.cause()).increment(e.count());
            case FlowEvent.Defect e -> defects.increment();
            case FlowEvent.StoreAvailable e -> {
                // Shown by the gauge rung_store_available.
            }
        }
    }

    private void attempted(Attempt attempt) {
        counterOf(attempts, attempt.outcome()).increment();
        lateness.record(attempt.latenessMillis(), TimeUnit.MILLISECONDS);
        duration.record(attempt.durationMillis(), TimeUnit.MILLISECONDS);
    }

    private static <K> Counter counterOf(Map<K, Counter> counters, K key) {
        return java.util.Objects.requireNonNull(counters.get(key));
    }
}
