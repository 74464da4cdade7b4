package dev.rung.delivery.http;

import dev.rung.core.model.Receiver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the sender.
 *
 * @param version for {@code User-Agent: Rung/VERSION}
 * @param deadline the longest total time of one attempt, whatever its receiver's timeout
 * @param idleMax connections kept open for reuse, in total; at least the attempts in flight at once
 * @param idlePerRouteMax connections kept open for reuse to one host and port
 * @param proxy for all requests; null: direct connections
 */
public record HttpSenderSettings(
        String version,
        Duration deadline,
        int idleMax,
        int idlePerRouteMax,
        @Nullable HttpProxy proxy) {

    public HttpSenderSettings {
        if (version.isEmpty() || !version.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("the version goes into a header: \"" + version + "\"");
        }
        if (!deadline.isPositive() || idleMax < 0 || idlePerRouteMax < 0) {
            throw new IllegalArgumentException("the deadline must be positive, and bounds not negative");
        }
    }

    /**
     * The default settings.
     *
     * @param maxInFlight attempts in flight at once in this process
     */
    public static HttpSenderSettings of(String version, int maxInFlight, @Nullable HttpProxy proxy) {
        return new HttpSenderSettings(version, Receiver.TIMEOUT_MAX, maxInFlight, Math.min(maxInFlight, 256), proxy);
    }
}
