package dev.rung.alerts;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Durations;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds what alerts have to report: receivers that stop answering and recover, channels that fail, overdue deliveries, refused submissions, and
 * what expires soon. Exhausted notifications and discrepancies are counted by the stores. Thread-safe.
 */
public final class AlertWatch implements FlowListener {
    /** How often {@link #run} is to be called. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    /** Attempts without an answer, one after another, after which a receiver counts as not answering. */
    private static final int UNANSWERED = 3;
    /** A receiver has recovered when no attempt was without an answer for this time. */
    private static final Duration ANSWERS_FOR = Duration.ofSeconds(5);
    /** The age of the oldest overdue delivery from which deliveries count as overdue. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private static final Duration LOOK_FOR_OVERDUE_EVERY = Duration.ofSeconds(5);
    private static final Duration EXPIRES_WITHIN = Duration.ofDays(14);
    /** And for receivers that were deleted. */
    private static final Duration LOOK_FOR_EXPIRY_EVERY = Duration.ofHours(1);
    /** A channel works again when no server has seen it fail for this time; each checks it every minute or more often. */
    private static final Duration CHANNEL_WORKS_AFTER = Duration.ofSeconds(90);

    private static final Duration SEEN_EVERY = Duration.ofSeconds(15);

    private final AlertStore alerts;
    private final OpenConditions conditions;
    private final Sources sources;
    private final InstantSource clock;
    private final long startedAt;
    /** Attempts in a row without an answer. */
    private final Map<ReceiverId, Integer> unanswered = new ConcurrentHashMap<>();
    /** Receivers to be reported as not answering, with the error of the latest attempt. */
    private final Map<ReceiverId, String> stopped = new ConcurrentHashMap<>();
    /** Receivers that were reported and answer again, with the time since when every attempt was answered. */
    private final Map<ReceiverId, Long> answering = new ConcurrentHashMap<>();

    private long seenAt;

    private long refused;
    private String refusedWhy = "";
    private long overdueAt;
    private long expiryAt;

    /**
     * What is watched.
     *
     * @param channelProblems what is wrong with channel accounts, by name
     * @param expiring what has an expiry time
     * @param receivers whether a receiver exists
     */
    public record Sources(
            NotificationCatalog catalog,
            Supplier<Map<String, String>> channelProblems,
            Supplier<List<Expiry>> expiring,
            Predicate<ReceiverId> receivers) {}

    public AlertWatch(AlertStore alerts, MetaStore meta, Sources sources, InstantSource clock) {
        this.alerts = alerts;
        this.conditions = new OpenConditions(meta, alerts);
        this.sources = sources;
        this.clock = clock;
        this.startedAt = clock.millis();
        this.expiryAt = startedAt;
    }

    @Override
    public void on(FlowEvent event) {
        switch (event) {
            case FlowEvent.Attempted(Delivery delivery, Attempt attempt, var _) -> attempted(delivery, attempt);
            case FlowEvent.Superseded(Delivery delivery, Attempt attempt) -> attempted(delivery, attempt);
            default -> {}
        }
    }

    private void attempted(Delivery delivery, Attempt attempt) {
        if (delivery.kind() != DeliveryKind.NOTIFICATION) {
            return;
        }
        ReceiverId receiver = delivery.receiver();
        switch (attempt.outcome()) {
            case ACKNOWLEDGED, DECLINED, THROTTLED -> {
                if (!unanswered.isEmpty()) {
                    unanswered.remove(receiver);
                }
                if (!conditions.isEmpty()
                        && conditions.isOpen(AlertKind.RECEIVER_NOT_ANSWERING, AlertSubject.text(receiver))) {
                    answering.putIfAbsent(receiver, clock.millis());
                }
            }
            case TIMED_OUT, UNREACHABLE -> {
                answering.remove(receiver);
                if (unanswered.merge(receiver, 1, Integer::sum) >= UNANSWERED) {
                    stopped.put(receiver, Objects.requireNonNullElse(attempt.error(), ""));
                }
            }
            case REFUSED -> {}
        }
    }

    /** A submission over AMQP was refused. */
    public synchronized void submissionRefused(String why) {
        refused++;
        refusedWhy = why;
    }

    /** Counts for alerts what was seen since the last call. Blocks for the store. */
    public void run() {
        long now = clock.millis();
        if (conditions.refresh()) {
            // Another server has seen a receiver answer: what this one counted before is obsolete.
            unanswered
                    .keySet()
                    .removeIf(receiver ->
                            !conditions.isOpen(AlertKind.RECEIVER_NOT_ANSWERING, AlertSubject.text(receiver)));
        }
        receivers(now);
        channels(now);
        overdue(now);
        submissions(now);
        if (now >= expiryAt) {
            expiring(now);
            deletedReceivers();
            expiryAt = now + LOOK_FOR_EXPIRY_EVERY.toMillis();
        }
    }

    private void receivers(long now) {
        // Each is removed once the store has it: if the store fails, the next call repeats it.
        stopped.forEach((receiver, error) -> {
            conditions.open(AlertKind.RECEIVER_NOT_ANSWERING, AlertSubject.text(receiver), error, now);
            stopped.remove(receiver, error);
        });
        answering.forEach((receiver, since) -> {
            // One that answers now and then has not recovered.
            if (now - since >= ANSWERS_FOR.toMillis()) {
                conditions.close(
                        AlertKind.RECEIVER_NOT_ANSWERING,
                        AlertSubject.text(receiver),
                        AlertKind.RECEIVER_RECOVERED,
                        now);
                answering.remove(receiver, since);
            }
        });
    }

    private void channels(long now) {
        Map<String, String> problems = sources.channelProblems.get();
        problems.forEach((channel, problem) -> conditions.open(AlertKind.CHANNEL_FAILING, channel, problem, now));
        if (now - seenAt < SEEN_EVERY.toMillis()) {
            return;
        }
        seenAt = now;
        for (String channel : conditions.subjects(AlertKind.CHANNEL_FAILING)) {
            if (problems.containsKey(channel)) {
                conditions.seen(AlertKind.CHANNEL_FAILING, channel, now);
            } else if (now - startedAt >= CHANNEL_WORKS_AFTER.toMillis()
                    && now - conditions.lastSeen(AlertKind.CHANNEL_FAILING, channel)
                            >= CHANNEL_WORKS_AFTER.toMillis()) {
                conditions.close(AlertKind.CHANNEL_FAILING, channel, AlertKind.CHANNEL_RECOVERED, now);
            }
        }
    }

    private void overdue(long now) {
        if (now < overdueAt) {
            return;
        }
        overdueAt = now + LOOK_FOR_OVERDUE_EVERY.toMillis();
        Long oldest = sources.catalog.oldestOverdue();
        long by = oldest == null ? 0 : now - oldest;
        if (by >= OVERDUE.toMillis()) {
            String text = Durations.text(Duration.ofSeconds(by / 1000));
            conditions.open(AlertKind.DELIVERIES_OVERDUE, "", text, now);
        } else if (by < OVERDUE.toMillis() / 2) {
            conditions.close(AlertKind.DELIVERIES_OVERDUE, "", AlertKind.DELIVERIES_ON_TIME, now);
        }
    }

    private void submissions(long now) {
        long count;
        String why;
        synchronized (this) {
            count = refused;
            why = refusedWhy;
        }
        if (count > 0) {
            alerts.add(AlertKind.SUBMISSIONS_REFUSED, "", count, why, now);
            synchronized (this) {
                refused -= count;
            }
        }
    }

    /** No later answer ends the condition of a deleted receiver. */
    private void deletedReceivers() {
        unanswered.keySet().removeIf(receiver -> !sources.receivers.test(receiver));
        answering.keySet().removeIf(receiver -> !sources.receivers.test(receiver));
        for (String subject : conditions.subjects(AlertKind.RECEIVER_NOT_ANSWERING)) {
            if (!sources.receivers.test(AlertSubject.parse(subject))) {
                conditions.forget(AlertKind.RECEIVER_NOT_ANSWERING, subject);
            }
        }
    }

    private void expiring(long now) {
        Set<String> soon = new HashSet<>();
        for (Expiry expiry : sources.expiring.get()) {
            if (expiry.at() > now && expiry.at() - now <= EXPIRES_WITHIN.toMillis()) {
                soon.add(expiry.condition());
                conditions.expires(expiry, now);
            }
        }
        for (String condition : conditions.subjects(AlertKind.EXPIRES_SOON)) {
            if (!soon.contains(condition)) {
                conditions.forget(AlertKind.EXPIRES_SOON, condition);
            }
        }
    }
}
