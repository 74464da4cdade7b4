package dev.rung.cli;

import dev.rung.cli.NotificationView.AttemptView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** Polls a notification and prints each attempt when it is recorded. */
final class NotificationFollower {
    static final String HOW_TO_ALLOW =
            "Rung sends to loopback, private and other special addresses only if they are allowed:"
                    + " start the server with, for example, --allow-targets 127.0.0.0/8";

    private static final Duration FIRST_ATTEMPT_WAIT_MAX = Duration.ofSeconds(6);
    private static final Duration POLL_INTERVAL_MIN = Duration.ofMillis(50);
    private static final Duration POLL_INTERVAL_MAX = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final ApiConnection api;
    private final String id;
    private final boolean printing;
    private int printed;

    NotificationFollower(Terminal terminal, ApiConnection api, String id, boolean printing) {
        this.terminal = terminal;
        this.api = api;
        this.id = id;
        this.printing = printing;
    }

    /** Waits for the first attempt, if one is due now; fails if the target was refused. */
    NotificationView firstAttempt() {
        Instant end = Instant.now().plus(FIRST_ATTEMPT_WAIT_MAX);
        while (true) {
            NotificationView view = poll();
            Instant next = view.progress().nextAttemptAt();
            boolean later = next != null && next.isAfter(Instant.now().plusSeconds(1));
            if (!view.attempts().isEmpty()
                    || view.progress().isSettled()
                    || later
                    || Instant.now().isAfter(end)) {
                return view;
            }
            LockSupport.parkNanos(POLL_INTERVAL_MIN.toNanos());
        }
    }

    NotificationView untilSettled() {
        while (true) {
            NotificationView view = poll();
            if (view.progress().isSettled()) {
                if (printing) {
                    String state = view.progress().state();
                    terminal.out().println(terminal.paint(NotificationText.style(state), state));
                }
                return view;
            }
            LockSupport.parkNanos(pause(view).toNanos());
        }
    }

    /** Polls less often if the next attempt is far away; an operator may still resend or cancel. */
    private static Duration pause(NotificationView view) {
        Instant next = view.progress().nextAttemptAt();
        Duration ahead = next == null ? POLL_INTERVAL_MIN : Duration.between(Instant.now(), next);
        if (ahead.compareTo(POLL_INTERVAL_MIN) < 0) {
            return POLL_INTERVAL_MIN;
        }
        return ahead.compareTo(POLL_INTERVAL_MAX) < 0 ? ahead : POLL_INTERVAL_MAX;
    }

    private NotificationView poll() {
        NotificationView view = NotificationView.of(api.get("/v1/notifications/" + PathSegments.of(id)));
        for (AttemptView attempt : view.attempts()
                .subList(
                        Math.min(printed, view.attempts().size()),
                        view.attempts().size())) {
            print(view, attempt);
        }
        printed = view.attempts().size();
        return view;
    }

    private void print(NotificationView view, AttemptView attempt) {
        if (printing) {
            String status = attempt.status() == null ? "" : " " + attempt.status();
            Instant next = view.progress().nextAttemptAt();
            String then = next == null ? "" : ", next in " + TimeText.rough(Duration.between(attempt.endedAt(), next));
            terminal.out()
                    .println("  attempt " + attempt.number() + "  "
                            + terminal.paint(NotificationText.style(attempt.outcome()), attempt.outcome() + status)
                            + "  "
                            + TimeText.exact(attempt.late()) + " late, took " + TimeText.exact(attempt.took()) + then);
            if (attempt.error() != null && attempt.status() == null) {
                terminal.out().println(terminal.paint(AnsiStyle.DIM, "             " + attempt.error()));
            }
        }
        if (printing
                && attempt.number() == 1
                && attempt.outcome().equals("unreachable")
                && view.url().startsWith("http://127.")) {
            terminal.out()
                    .println(terminal.paint(
                            AnsiStyle.DIM, "             To run a receiver on this machine: ./rung listen"));
        }
        if (attempt.outcome().equals("refused")) {
            throw new CommandFailed(
                    "the target " + view.url() + " was refused: " + attempt.error() + "\n" + HOW_TO_ALLOW);
        }
    }
}
