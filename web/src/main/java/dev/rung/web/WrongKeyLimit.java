package dev.rung.web;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final String OTHERS = "other addresses";

    private final InstantSource clock;
    private Map<String, Integer> counts = new HashMap<>();
    private Map<String, Integer> unreported = new LinkedHashMap<>();
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
        String network = network(address);
        unreported.merge(unreported.size() < ADDRESSES_MAX ? network : OTHERS, 1, Integer::sum);
        if (counts.size() >= ADDRESSES_MAX && !counts.containsKey(network)) {
            return 0;
        }
        return counts.merge(network, 1, Integer::sum) <= PER_MINUTE
                ? 0
                : (int) Math.max(1, (windowEnd - now + 999) / 1_000);
    }

    /**
     * Counts a wrong key of an API call.
     *
     * @throws ProblemException 429 if the address has to wait
     */
    public void refuseOrCount(String address) {
        int wait = count(address);
        if (wait > 0) {
            throw Problem.tooManyRequests("wrong_keys", "Too many wrong keys from this address.", wait)
                    .asException();
        }
    }

    /** Wrong keys since the start. */
    public synchronized long total() {
        return total;
    }

    /** Wrong keys by address since the last call of this method. */
    public synchronized Map<String, Integer> takeCounts() {
        Map<String, Integer> taken = unreported;
        unreported = new LinkedHashMap<>();
        return taken;
    }

    private static String network(String address) {
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            return "unknown"; // a proxy forwarded something else
        }
        if (bytes.length != 16) {
            return address;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV6_NETWORK_BYTES; i += 2) {
            text.append(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
