package dev.rung.console;

import dev.rung.core.model.Role;
import dev.rung.core.port.MetaStore;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that were signed out before they expired, shared by all servers through the store: one short text by role. Thread-safe. Other servers
 * see a sign-out within {@value #FRESH_SECONDS} s.
 *
 * <p>Sign-outs of one key or person are stored as ranges of session ids, at most {@value #RANGES_MAX}. Beyond that, the two ranges that began
 * closest to each other become one. A flood of sign-outs therefore ends no session of another key or person, and of its own key only those that began
 * between two of the flood.
 */
final class RevokedSessions {
    private static final String KEY = "console_signed_out_";
    private static final int RANGES_MAX = 200;
    /** Keys and persons by role; beyond, the sign-outs that matter for the shortest time are dropped. */
    private static final int CALLERS_MAX = 300;

    private static final int FRESH_SECONDS = 2;
    private static final long FRESH_MILLIS = Duration.ofSeconds(FRESH_SECONDS).toMillis();

    private final MetaStore meta;
    private final InstantSource clock;
    private final Duration kept;
    private final Map<Role, CachedRanges> cached = new EnumMap<>(Role.class);

    /** Ids from the map's key to {@code to}, until a time. */
    private record Range(long to, long until) {}

    /** Ranges by caller, as last read. */
    private record CachedRanges(Map<String, NavigableMap<Long, Range>> byCaller, long readAt) {}

    /**
     * @param kept how long a cookie that was issued before the sign-out can be valid
     */
    RevokedSessions(MetaStore meta, InstantSource clock, Duration kept) {
        this.meta = meta;
        this.clock = clock;
        this.kept = kept;
    }

    synchronized boolean has(ConsoleSession session) {
        Role role = session.caller().role();
        long now = clock.millis();
        CachedRanges last = cached.get(role);
        if (last == null || now - last.readAt() >= FRESH_MILLIS) {
            last = new CachedRanges(read(meta.get(KEY + role.text()).orElse("")), now);
            cached.put(role, last);
        }
        NavigableMap<Long, Range> ranges = last.byCaller().get(session.caller().id());
        Map.Entry<Long, Range> range = ranges == null ? null : ranges.floorEntry(session.id());
        return range != null && session.id() <= range.getValue().to();
    }

    synchronized void add(ConsoleSession session) {
        Role role = session.caller().role();
        String key = KEY + role.text();
        long now = clock.millis();
        boolean stored = false;
        while (!stored) { // another server may sign out at the same time
            String before = meta.get(key).orElse(null);
            Map<String, NavigableMap<Long, Range>> byCaller = read(before == null ? "" : before);
            add(byCaller, session, now);
            String text = text(byCaller);
            stored = before == null ? meta.putIfAbsent(key, text) : meta.replace(key, before, text);
            cached.put(role, new CachedRanges(byCaller, now));
        }
    }

    private void add(Map<String, NavigableMap<Long, Range>> byCaller, ConsoleSession session, long now) {
        byCaller.values().forEach(ranges -> ranges.values().removeIf(range -> range.until() < now));
        byCaller.values().removeIf(NavigableMap::isEmpty);
        NavigableMap<Long, Range> ranges =
                byCaller.computeIfAbsent(session.caller().id(), caller -> new TreeMap<>());
        long until = Math.min(session.end(), now + kept.toMillis());
        Map.Entry<Long, Range> range = ranges.floorEntry(session.id());
        if (range != null && session.id() <= range.getValue().to()) {
            ranges.put(
                    range.getKey(),
                    new Range(
                            range.getValue().to(),
                            Math.max(until, range.getValue().until())));
        } else {
            ranges.put(session.id(), new Range(session.id(), until));
        }
        if (ranges.size() > RANGES_MAX) {
            mergeClosest(ranges);
        }
        if (byCaller.size() > CALLERS_MAX) {
            String first = null;
            for (Map.Entry<String, NavigableMap<Long, Range>> each : byCaller.entrySet()) {
                if (first == null || latest(each.getValue()) < latest(byCaller.get(first))) {
                    first = each.getKey();
                }
            }
            byCaller.remove(first);
        }
    }

    private static long latest(@Nullable NavigableMap<Long, Range> ranges) {
        return ranges == null
                ? 0
                : ranges.values().stream().mapToLong(Range::until).max().orElse(0);
    }

    private static void mergeClosest(NavigableMap<Long, Range> ranges) {
        Map.Entry<Long, Range> before = null;
        Map.Entry<Long, Range> left = null;
        Map.Entry<Long, Range> right = null;
        for (Map.Entry<Long, Range> each : ranges.entrySet()) {
            if (before != null
                    && (left == null
                            || right == null
                            || each.getKey() - before.getValue().to()
                                    < right.getKey() - left.getValue().to())) {
                left = before;
                right = each;
            }
            before = each;
        }
        if (left != null && right != null) {
            Range merged = new Range(
                    right.getValue().to(),
                    Math.max(left.getValue().until(), right.getValue().until()));
            long leftId = left.getKey();
            ranges.remove(right.getKey());
            ranges.put(leftId, merged);
        }
    }

    private static Map<String, NavigableMap<Long, Range>> read(String text) {
        Map<String, NavigableMap<Long, Range>> byCaller = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.split(" ", -1);
            NavigableMap<Long, Range> ranges = new TreeMap<>();
            for (int i = 1; i + 2 < words.length; i += 3) {
                ranges.put(number(words[i]), new Range(number(words[i + 1]), number(words[i + 2])));
            }
            if (!ranges.isEmpty()) {
                byCaller.put(URLDecoder.decode(words[0], StandardCharsets.UTF_8), ranges);
            }
        }
        return byCaller;
    }

    private static String text(Map<String, NavigableMap<Long, Range>> byCaller) {
        StringBuilder text = new StringBuilder();
        byCaller.forEach((caller, ranges) -> {
            text.append(URLEncoder.encode(caller, StandardCharsets.UTF_8));
            ranges.forEach((from, range) -> text.append(' ')
                    .append(Long.toString(from, Character.MAX_RADIX))
                    .append(' ')
                    .append(Long.toString(range.to(), Character.MAX_RADIX))
                    .append(' ')
                    .append(Long.toString(range.until(), Character.MAX_RADIX)));
            text.append('\n');
        });
        return text.toString();
    }

    private static long number(String text) {
        return Long.parseLong(text, Character.MAX_RADIX);
    }
}
