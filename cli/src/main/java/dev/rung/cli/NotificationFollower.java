package dev.rung.cli;

import dev.rung.cli.NotificationView.AttemptView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Watches one notification and tells of each attempt as it is recorded. */
final class NotificationFollower {
    static final String HOW_TO_ALLOW =
            "Rung sends to loopback, private and other special addresses only where it is told that it may:"
                    + " start the server with, for example, --allow-targets 127.0.0.0/8";

    private static final Duration FIRST_ATTEMPT_AT_MOST = Duration.ofSeconds(6);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final ApiConnection api;
    private final String id;
    private final boolean telling;
    private int told;

    NotificationFollower(Terminal terminal, ApiConnection api, String id, boolean telling) {
        this.terminal = terminal;
        this.api = api;
        this.id = id;
        this.telling = telling;
    }

    /** Until its first attempt is on record, if one is due now; a refused target fails at once. */
    NotificationView firstAttempt() {
        Instant end = Instant.now().plus(FIRST_ATTEMPT_AT_MOST);
        while (true) {
            NotificationView view = look();
            Instant next = view.progress().nextAttemptAt();
            boolean later = next != null && next.isAfter(Instant.now().plusSeconds(1));
            if (!view.attempts().isEmpty()
                    || view.progress().isSettled()
                    || later
                    || Instant.now().isAfter(end)) {
                return view;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    NotificationView untilSettled() {
        while (true) {
            NotificationView view = look();
            if (view.progress().isSettled()) {
                if (telling) {
                    String state = view.progress().state();
                    terminal.out().println(terminal.paint(NotificationText.ink(state), state));
                }
                return view;
            }
            LockSupport.parkNanos(pause(view).toNanos());
        }
    }

    /** Far from the next attempt there is nothing to see; but a person may resend or cancel it meanwhile. */
    private static Duration pause(NotificationView view) {
        Instant next = view.progress().nextAttemptAt();
        Duration ahead = next == null ? LOOK_EVERY : Duration.between(Instant.now(), next);
        if (ahead.compareTo(LOOK_EVERY) < 0) {
            return LOOK_EVERY;
        }
        return ahead.compareTo(LOOK_AT_LEAST_EVERY) < 0 ? ahead : LOOK_AT_LEAST_EVERY;
    }

    private NotificationView look() {
        NotificationView view = NotificationView.of(api.get("/v1/notifications/" + PathSegments.of(id)));
        for (AttemptView attempt : view.attempts()
                .subList(Math.min(told, view.attempts().size()), view.attempts().size())) {
            tell(view, attempt);
        }
        told = view.attempts().size();
        return view;
    }

    private void tell(NotificationView view, AttemptView attempt) {
        if (telling) {
            String status = attempt.status() == null ? "" : " " + attempt.status();
            Instant next = view.progress().nextAttemptAt();
            String then = next == null ? "" : ", next in " + TimeText.rough(Duration.between(attempt.endedAt(), next));
            terminal.out()
                    .println("  attempt " + attempt.number() + "  "
                            + terminal.paint(NotificationText.ink(attempt.outcome()), attempt.outcome() + status) + "  "
                            + TimeText.exact(attempt.late()) + " late, took " + TimeText.exact(attempt.took()) + then);
            if (attempt.error() != null && attempt.status() == null) {
                terminal.out().println(terminal.paint(AnsiStyle.DIM, "             " + attempt.error()));
            }
        }
        if (telling
                && attempt.number() == 1
                && attempt.outcome().equals("unreachable")
                && view.url().startsWith("http://127.")) {
            terminal.out()
                    .println(terminal.paint(
                            AnsiStyle.DIM, "             To have a merchant on this machine: ./rung listen"));
        }
        if (attempt.outcome().equals("refused")) {
            throw new CommandFailed(
                    "the target " + view.url() + " was refused: " + attempt.error() + "\n" + HOW_TO_ALLOW);
        }
    }
}
