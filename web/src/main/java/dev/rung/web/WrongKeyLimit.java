package dev.rung.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts wrong keys by address and minute, of the API and the console together. It limits only wrong keys: right ones are
 * always accepted, so no caller can shut others out. Thread-safe.
 */
public final class WrongKeyLimit {
    /** Wrong keys that an address may try in a minute before it gets 429. */
    public static final int PER_MINUTE = 30;

    private static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final int ADDRESSES_MAX = 10_000;

    private final InstantSource clock;
    private Map<String, Integer> counts = new HashMap<>();
    private long windowEnd;
    private long total;

    public WrongKeyLimit(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Counts a wrong key.
     *
     * @param address a literal; IPv6 addresses count by their /64 network, which one client usually has all of
     * @return the seconds after which the address may try again; 0 if it may at once
     */
    public synchronized int count(String address) {
        long now = clock.millis();
        if (now >= windowEnd) {
            windowEnd = now + WINDOW_MILLIS;
            counts = new HashMap<>();
        }
        total++;
        String network = ClientNetwork.of(address);
        if (counts.size() >= ADDRESSES_MAX && !counts.containsKey(network)) {
            return 0;
        }
        return counts.merge(network, 1, Integer::sum) <= PER_MINUTE
                ? 0
                : (int) Math.max(1, (windowEnd - now + 999) / 1_000);
    }

    /** Wrong keys since the start. */
    public synchronized long total() {
        return total;
    }
}
