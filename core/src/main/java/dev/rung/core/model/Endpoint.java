package dev.rung.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A further receiver of a merchant's notifications, with settings of its own.
 *
 * @param events the event types that it receives; one that ends with {@code *} matches every type with that prefix
 */
public record Endpoint(EndpointId id, String name, List<String> events, Receiver receiver, long createdAt) {
    /** Matches every notification, also one without an event type. */
    public static final String ALL_EVENTS = "*";

    /** Endpoints of one merchant. */
    public static final int MAX = 50;

    /** Whether it receives notifications of this type. */
    public boolean receives(@Nullable String eventType) {
        return events.stream().anyMatch(pattern -> matches(pattern, eventType));
    }

    private static boolean matches(String pattern, @Nullable String eventType) {
        if (eventType == null) {
            return pattern.equals(ALL_EVENTS);
        }
        return pattern.endsWith("*")
                ? eventType.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(eventType);
    }

    /** The same endpoint with other settings. */
    public Endpoint withReceiver(Receiver other) {
        return new Endpoint(id, name, events, other, createdAt);
    }
}
