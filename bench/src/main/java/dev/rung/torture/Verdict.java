package dev.rung.torture;

import dev.rung.torture.MerchantEndpoint.Received;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares the accepted notifications with the merchant's requests and the recorded attempts. Uses only Rung's API.
 *
 * <p>Not thread-safe.
 */
final class Verdict {
    /** The maximum lateness, counted from the due time or from the end of the cause of the delay. */
    static final long LATE_MAX_MILLIS = 15_000;

    /** Tolerance for clocks: the servers' follow the database's gradually. */
    private static final long EARLY_MAX_MILLIS = 100;
    /** An attempt in flight on a killed or stopped server is repeated within this time. */
    private static final long REPEAT_WITHIN_MILLIS = 60_000;

    private static final int SAMPLES = 5;

    private final List<Window> windows;
    private final List<Window> serverWindows;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> samples = new ArrayList<>();
    /** Milliseconds from each attempt's due time, regardless of faults. */
    private final List<Long> lateness = new ArrayList<>();

    private long worst;

    /**
     * A period of an outage.
     *
     * @param from epoch milliseconds
     * @param until the end of its cause
     */
    record Window(long from, long until) {}

    /**
     * @param windows outages of all faults
     * @param serverWindows outages of faults that kill or stop a server
     */
    Verdict(List<Window> windows, List<Window> serverWindows) {
        this.windows = List.copyOf(windows);
        this.serverWindows = List.copyOf(serverWindows);
        for (String name : List.of(
                "accepted",
                "delivered",
                "lost",
                "extra_explained",
                "extra_unexplained",
                "late",
                "early",
                "records_that_disagree",
                "marked_may_repeat")) {
            counts.put(name, 0L);
        }
    }

    private void count(String name, String sample) {
        counts.merge(name, 1L, Long::sum);
        if (samples.size() < SAMPLES * counts.size() && !sample.isEmpty()) {
            samples.add(name + ": " + sample);
        }
    }

    /** Checks one accepted notification. */
    void look(String id, Collection<Received> received, JsonNode record) {
        count("accepted", "");
        if (received.stream().noneMatch(request -> request.status() == 200)) {
            count("lost", id + " " + received + " " + record);
            return;
        }
        count("delivered", "");
        if (!"delivered".equals(record.path("state").asString(""))) {
            count("records_that_disagree", id + " was acknowledged, but its record is " + record);
        }
        Map<Integer, Integer> recorded = new HashMap<>();
        Map<Integer, Integer> answered = new HashMap<>();
        Map<Integer, Long> due = new HashMap<>();
        for (JsonNode attempt : record.path("attempts")) {
            int number = attempt.path("number").asInt();
            recorded.merge(number, 1, Integer::sum);
            if (!attempt.path("http_status").isNull()) {
                answered.merge(number, 1, Integer::sum);
            }
            if (attempt.path("may_repeat").asBoolean()) {
                count("marked_may_repeat", "");
            }
            due.putIfAbsent(
                    number, Instant.parse(attempt.path("due_at").asString()).toEpochMilli());
        }
        lookAtExtras(id, received, recorded);
        received.forEach(request -> lookAtTime(id, request, due.get(request.attempt())));
        answered.forEach((number, times) -> {
            long requests = received.stream().filter(r -> r.attempt() == number).count();
            if (requests < times) {
                count(
                        "records_that_disagree",
                        id + " has a recorded response for attempt " + number + ", which the merchant did not receive");
            }
        });
    }

    /** Normally there is one request per attempt, the first declined and the second acknowledged. */
    private void lookAtExtras(String id, Collection<Received> received, Map<Integer, Integer> recorded) {
        int extras = received.size() - 2;
        if (extras <= 0) {
            return;
        }
        boolean explained = extras == 1 && received.stream().anyMatch(this::isOfABrokenServer);
        for (int i = 0; i < extras; i++) {
            count(
                    explained ? "extra_explained" : "extra_unexplained",
                    explained ? "" : id + " received " + received + ", recorded " + recorded);
        }
    }

    private boolean isOfABrokenServer(Received request) {
        return serverWindows.stream()
                .anyMatch(window -> request.at() >= window.from - LATE_MAX_MILLIS
                        && request.at() <= window.until + REPEAT_WITHIN_MILLIS);
    }

    private void lookAtTime(String id, Received request, @Nullable Long dueAt) {
        if (dueAt == null) {
            return; // a request without a record: an extra
        }
        if (request.at() < dueAt - EARLY_MAX_MILLIS) {
            count("early", id + " attempt " + request.attempt() + " by " + (dueAt - request.at()) + " ms");
        }
        long from = dueAt;
        for (Window window : windows) {
            if (window.from <= request.at() && dueAt <= window.until) {
                from = Math.max(from, Math.min(window.until, request.at()));
            }
        }
        lateness.add(request.at() - dueAt);
        long late = request.at() - from;
        worst = Math.max(worst, late);
        if (late > LATE_MAX_MILLIS) {
            count(
                    "late",
                    id + " attempt " + request.attempt() + " at " + Instant.ofEpochMilli(request.at()) + ", due "
                            + Instant.ofEpochMilli(dueAt) + ": " + late + " ms");
        }
    }

    long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** Milliseconds from an attempt's due time, or the end of the last cause of a delay, to its arrival. */
    long worstLateness() {
        return worst;
    }

    boolean isGood() {
        return counts.entrySet().stream().allMatch(each -> switch (each.getKey()) {
            case "accepted", "delivered" -> each.getValue() > 0;
            case "extra_explained", "marked_may_repeat" -> true;
            default -> each.getValue() == 0;
        });
    }

    void print(PrintWriter out) {
        samples.forEach(out::println);
        counts.forEach((name, count) -> out.printf("%-24s %d%n", name, count));
        out.printf("%-24s %d%n", "latest_after_cause_ms", worst);
        List<Long> sorted = lateness.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            out.printf(
                    "%-24s p50 %d, p99 %d, max %d%n",
                    "lateness_ms",
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() * 99 / 100),
                    sorted.getLast());
            out.printf(
                    "%-24s %d%n",
                    "late_over_1_s", sorted.stream().filter(ms -> ms > 1_000).count());
        }
        out.println("verdict                  " + (isGood() ? "good" : "BAD"));
        out.flush();
    }
}
