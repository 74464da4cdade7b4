package dev.rung.console;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Limits failed sign-ins a minute, by address and in total. At the limit, valid keys are rejected too. Thread-safe.
 */
final class SignInLimit {
    static final int FAILURES_MAX = 5;
    private static final int FAILURES_MAX_IN_ALL = 300;
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();

    private final InstantSource clock;
    private final Map<String, Integer> failures = new HashMap<>();
    private int inAll;
    private long windowEnd;

    SignInLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the address may try a key now. */
    synchronized boolean permits(String address) {
        advance();
        return inAll < FAILURES_MAX_IN_ALL && failures.getOrDefault(network(address), 0) < FAILURES_MAX;
    }

    /** Counts a failed sign-in. */
    synchronized void failed(String address) {
        advance();
        inAll++;
        failures.merge(network(address), 1, Integer::sum); // bounded by the total limit
    }

    /** Seconds until the limit is reset. */
    synchronized long retryAfterSeconds() {
        return Math.max(1, (windowEnd - clock.millis() + 999) / 1_000);
    }

    private void advance() {
        long now = clock.millis();
        if (now >= windowEnd) {
            windowEnd = now + WINDOW_MILLIS;
            failures.clear();
            inAll = 0;
        }
    }

    /** The /64 network of an IPv6 address, because one client usually has all of it; an IPv4 address is unchanged. */
    private static String network(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return HexFormat.of().formatHex(bytes.length == 16 ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
