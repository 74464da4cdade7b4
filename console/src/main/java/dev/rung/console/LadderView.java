package dev.rung.console;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a notification: those made, the next one, and those that follow if it fails. The latest comes first, as the highest rung of
 * a ladder.
 */
public record LadderView(List<Step> steps) {
    /** A wait counts as longer than the ladder's only beyond this tolerance for rounding. */
    private static final long STRETCH_MILLIS = 500;

    /** An attempt: past, next or ahead. */
    public sealed interface Step {
        /** The number of the attempt, from 1. */
        int number();

        /** The kind, as the template's CSS class. */
        default String kind() {
            return switch (this) {
                case Past p -> "past";
                case Next n -> "next";
                case Ahead a -> "ahead";
            };
        }
    }

    /**
     * An attempt that was made.
     *
     * @param head the request line and the headers that can be reconstructed
     * @param body the response body; null if there was no response
     */
    public record Past(
            int number,
            Attempt attempt,
            String head,
            @Nullable String body) implements Step {
        public boolean isGood() {
            return attempt.outcome() == Outcome.ACKNOWLEDGED;
        }

        public String outcome() {
            return attempt.outcome().text();
        }

        public @Nullable Integer status() {
            Attempt.Answer answer = attempt.answer();
            return answer == null ? null : answer.status();
        }

        public String responseHeaders() {
            Attempt.Answer answer = attempt.answer();
            return answer == null ? "" : answer.headers();
        }
    }

    /**
     * The next attempt.
     *
     * @param delayedBy why it is later than the ladder says: {@code retry_after} or {@code throttled}; empty if it is not
     */
    public record Next(int number, long dueAt, String parked, String delayedBy) implements Step {}

    /** An attempt that follows if all before it fail, after a pause. */
    public record Ahead(int number, Duration pause) implements Step {}

    /**
     * Builds the view.
     *
     * @param url where the requests go; null if the merchant has none
     * @param parked why the next attempt is parked; empty if it is not
     * @param contentType of the requests
     * @param version of this server, for the {@code user-agent} header
     */
    static LadderView of(
            NotificationDetail n,
            @Nullable String url,
            List<Attempt> attempts,
            String parked,
            String contentType,
            String version) {
        List<Step> steps = new ArrayList<>();
        for (Attempt attempt : attempts) {
            Attempt.Answer answer = attempt.answer();
            steps.add(new Past(
                    attempt.number(),
                    attempt,
                    head(n, url, attempt, contentType, version),
                    answer == null ? null : new String(answer.body(), StandardCharsets.UTF_8)));
        }
        Long dueAt = n.nextAttemptAt();
        if (dueAt != null) {
            steps.add(new Next(n.attemptsMade() + 1, dueAt, parked, delayedBy(n, attempts, dueAt)));
            if (n.state() == DeliveryState.WAITING) {
                List<Duration> waits = n.ladder().steps();
                for (int i = n.rung(); i < waits.size(); i++) {
                    steps.add(new Ahead(n.attemptsMade() + 2 + i - n.rung(), waits.get(i)));
                }
            }
        }
        Collections.reverse(steps);
        return new LadderView(List.copyOf(steps));
    }

    private static String delayedBy(NotificationDetail n, List<Attempt> attempts, long dueAt) {
        if (attempts.isEmpty() || n.state() != DeliveryState.WAITING) {
            return "";
        }
        Attempt last = attempts.getLast();
        if (last.outcome() == Outcome.THROTTLED) {
            return "throttled";
        }
        if (n.rung() == 0) {
            return "";
        }
        Attempt.Answer answer = last.answer();
        long usual = last.startedAt()
                + last.durationMillis()
                + n.ladder().steps().get(n.rung() - 1).toMillis();
        boolean requested = answer != null
                && dueAt > usual + STRETCH_MILLIS
                && answer.headers().toLowerCase(Locale.ROOT).contains("retry-after:");
        return requested ? "retry_after" : "";
    }

    private static String head(
            NotificationDetail n, @Nullable String url, Attempt attempt, String contentType, String version) {
        StringBuilder head = new StringBuilder("POST " + (url == null ? "–" : url) + "\n");
        head.append("content-type: ").append(contentType).append('\n');
        head.append("user-agent: Rung/").append(version).append('\n');
        head.append("webhook-id: ").append(n.id()).append('\n');
        head.append("webhook-timestamp: ").append(attempt.startedAt() / 1_000).append('\n');
        head.append("rung-attempt: ").append(attempt.number());
        if (n.content().eventType() != null) {
            head.append("\nrung-event-type: ").append(n.content().eventType());
        }
        return head.toString();
    }
}
