package dev.rung.console;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Bounds how many wrong keys are tried: a few a minute from one address, and not many from all together. While it holds, right keys from there
 * are not looked at either. Thread-safe.
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

    /** Whether another key from there may be looked at now. */
    synchronized boolean permits(String address) {
        turn();
        return inAll < FAILURES_MAX_IN_ALL && failures.getOrDefault(network(address), 0) < FAILURES_MAX;
    }

    /** A key from there was wrong. */
    synchronized void failed(String address) {
        turn();
        inAll++;
        failures.merge(network(address), 1, Integer::sum); // no more entries than failures in all
    }

    /** Seconds until it is worth trying again. */
    synchronized long retryAfterSeconds() {
        return Math.max(1, (windowEnd - clock.millis() + 999) / 1_000);
    }

    private void turn() {
        long now = clock.millis();
        if (now >= windowEnd) {
            windowEnd = now + WINDOW_MILLIS;
            failures.clear();
            inAll = 0;
        }
    }

    /** Whoever has one address of an IPv6 network has all of them. */
    private static String network(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return HexFormat.of().formatHex(bytes.length == 16 ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
