package dev.rung.cli;

import dev.rung.cli.NotificationView.AttemptView;
import dev.rung.cli.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prints a notification: its details, then its ladder from the first attempt to the remaining rungs. */
final class NotificationText {
    private static final int EXCERPT_COLUMNS = 100;
    /** Control characters and changes of the text direction. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]");

    private final Terminal terminal;
    private final NotificationView view;
    private final Instant now;

    private NotificationText(Terminal terminal, NotificationView view, Instant now) {
        this.terminal = terminal;
        this.view = view;
        this.now = now;
    }

    static List<String> lines(Terminal terminal, NotificationView view, Instant now) {
        NotificationText text = new NotificationText(terminal, view, now);
        List<String> lines = new ArrayList<>(text.facts());
        lines.add("");
        lines.addAll(text.ladder());
        return lines;
    }

    /** The style of a state or outcome. */
    static AnsiStyle style(String stateOrOutcome) {
        return switch (stateOrOutcome) {
            case "delivered", "acknowledged" -> AnsiStyle.GREEN;
            case "exhausted", "refused" -> AnsiStyle.RED;
            case "waiting", "declined", "timed_out", "unreachable" -> AnsiStyle.YELLOW;
            default -> AnsiStyle.PLAIN;
        };
    }

    private List<String> facts() {
        List<String> lines = new ArrayList<>();
        String state = view.progress().state();
        lines.add(terminal.paint(AnsiStyle.BOLD, view.id()) + "  " + terminal.paint(style(state), state) + "  after "
                + view.progress().made() + " of " + view.progress().max() + " attempts");
        lines.add("");
        if (view.eventType() != null) {
            lines.add(fact("event", view.eventType()));
        }
        if (view.orderNo() != null) {
            lines.add(fact("order", view.orderNo()));
        }
        lines.add(fact("merchant", view.merchant()));
        lines.add(fact("to", view.url()));
        lines.add(fact("accepted", TimeText.dayAndTime(view.createdAt())));
        Instant settledAt = view.progress().settledAt();
        if (settledAt != null) {
            lines.add(fact(
                    "settled",
                    TimeText.dayAndTime(settledAt) + ", after "
                            + TimeText.exact(Duration.between(view.createdAt(), settledAt))));
        }
        return lines;
    }

    private String fact(String name, String value) {
        return terminal.paint(AnsiStyle.DIM, String.format(Locale.ROOT, "%-10s", name)) + value;
    }

    private List<String> ladder() {
        List<String> lines = new ArrayList<>();
        if (!view.attempts().isEmpty()) {
            attempts(lines);
        }
        String rung = "   " + terminal.sign("│", "|") + "  ";
        Instant next = view.progress().nextAttemptAt();
        if (next != null) {
            if (!view.attempts().isEmpty()) {
                lines.add(terminal.paint(AnsiStyle.DIM, rung + "waits " + waitBefore(next)));
            }
            Duration ahead = Duration.between(now, next);
            lines.add(terminal.paint(
                    AnsiStyle.YELLOW,
                    String.format(Locale.ROOT, "%2d ", view.progress().made() + 1)
                            + terminal.sign("○", "o") + "  due " + TimeText.time(next, view.createdAt())
                            + (ahead.isNegative() ? ", now" : ", in " + TimeText.rough(ahead))));
            String heldBy = view.progress().heldBy();
            if (heldBy != null) {
                lines.add(terminal.paint(AnsiStyle.DIM, rung + parked(heldBy)));
            }
        }
        rest(next != null).ifPresent(lines::add);
        return lines;
    }

    private static String parked(String by) {
        return switch (by) {
            case "pause" -> "parked: the merchant is paused";
            case "bulkhead" -> "parked: the merchant has reached its limit of attempts in flight";
            case "throttle" -> "parked: the merchant has asked for fewer requests";
            case "rate" -> "parked: the merchant's rate is reached";
            case "ordered" -> "parked: an earlier notification of the same order is not settled";
            default -> "parked by " + by;
        };
    }

    private void attempts(List<String> lines) {
        Table table = new Table("", "started", "due", "late", "outcome", "status", "took");
        for (AttemptView a : view.attempts()) {
            table.add(List.of(
                    Cell.of(String.format(Locale.ROOT, "%2d ", a.number())
                            + (a.isAcknowledged() ? terminal.sign("●", "*") : terminal.sign("●", "x"))),
                    Cell.of(TimeText.time(a.startedAt(), view.createdAt())),
                    Cell.of(TimeText.time(a.dueAt(), view.createdAt())),
                    new Cell(TimeText.exact(a.late()), AnsiStyle.CYAN),
                    new Cell(a.outcome(), style(a.outcome())),
                    Cell.of(a.status() == null ? "" : a.status().toString()),
                    Cell.of(TimeText.exact(a.took()))));
        }
        List<String> rows = table.lines(terminal);
        lines.add(rows.getFirst());
        for (int i = 0; i < view.attempts().size(); i++) {
            AttemptView attempt = view.attempts().get(i);
            boolean last = i == view.attempts().size() - 1;
            lines.add(rows.get(i + 1));
            notes(attempt, last && view.progress().nextAttemptAt() == null).forEach(lines::add);
            if (!last) {
                Duration waited = Duration.between(
                        attempt.endedAt(), view.attempts().get(i + 1).dueAt());
                lines.add(terminal.paint(
                        AnsiStyle.DIM,
                        "   " + terminal.sign("│", "|") + "  waited "
                                + TimeText.exact(waited.isNegative() ? Duration.ZERO : waited)));
            }
        }
    }

    private List<String> notes(AttemptView attempt, boolean last) {
        List<String> notes = new ArrayList<>();
        if (attempt.error() != null && attempt.status() == null) {
            notes.add(attempt.error());
        }
        if (attempt.responseBody() != null && !attempt.responseBody().isBlank() && !attempt.isAcknowledged()) {
            notes.add("response: " + excerpt(attempt.responseBody()));
        }
        if (attempt.mayRepeat()) {
            notes.add("may repeat an attempt that was interrupted before it was recorded");
        }
        if (attempt.superseded()) {
            notes.add("superseded: the delivery was rescheduled before this attempt ended");
        }
        String rung = "   " + (last ? " " : terminal.sign("│", "|")) + "  ";
        return notes.stream().map(n -> terminal.paint(AnsiStyle.DIM, rung + n)).toList();
    }

    private String waitBefore(Instant next) {
        Duration wait = Duration.between(view.attempts().getLast().endedAt(), next);
        return TimeText.exact(wait.isNegative() ? Duration.ZERO : wait);
    }

    /** The rungs after the next attempt, or those that were not needed. */
    private Optional<String> rest(boolean pending) {
        int left = view.progress().max() - view.progress().made() - (pending ? 1 : 0);
        List<Duration> steps = view.ladder();
        if (left <= 0 || left > steps.size()) {
            return Optional.empty();
        }
        String waits = steps.subList(steps.size() - left, steps.size()).stream()
                .map(TimeText::step)
                .collect(Collectors.joining(", "));
        String text = pending ? "then after " + waits : "not needed: " + waits;
        return Optional.of(terminal.paint(AnsiStyle.DIM, "   " + terminal.sign("┊", ":") + "  " + text));
    }

    private static String excerpt(String body) {
        return shown(body, EXCERPT_COLUMNS);
    }

    /** Text from outside, on one line and without control characters. */
    static String shown(String text, int columnsMax) {
        String line = text.strip().replaceAll("\\s+", " ");
        return TextWidth.cut(CONTROLS.matcher(line).replaceAll("?"), columnsMax);
    }
}
