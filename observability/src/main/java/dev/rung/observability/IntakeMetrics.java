package dev.rung.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts rejected submissions. */
public final class IntakeMetrics {
    private final Counter overloaded;
    private final Counter invalid;
    private final Counter conflicting;

    public IntakeMetrics(MeterRegistry registry) {
        overloaded = rejected(registry, "overload");
        invalid = rejected(registry, "invalid");
        conflicting = rejected(registry, "conflict");
    }

    private static Counter rejected(MeterRegistry registry, String reason) {
        return Counter.builder("rung.intake.rejected")
                .description("Notifications rejected by intake")
                .tag("reason", reason)
                .register(registry);
    }

    /** Counts a notification that was rejected with a status. */
    public void rejected(int status) {
        switch (status) {
            case 503 -> overloaded.increment();
            case 409 -> conflicting.increment();
            default -> invalid.increment();
        }
    }
}
