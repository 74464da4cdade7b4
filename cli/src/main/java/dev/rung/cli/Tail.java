package dev.rung.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code rung tail}: follows the event stream. */
@Command(
        name = "tail",
        header = "Follows the events of all servers.",
        description = {
            "",
            "Best effort: events during a lost connection are not shown later; see rung list and rung get.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ./rung tail", "  ./rung tail --json | jq -r 'select(.state == \"exhausted\") | .notification_id'"})
final class Tail implements Callable<Integer> {
    private static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);

    private final Terminal terminal;

    @Option(names = "--limit", paramLabel = "N", order = 1, description = "exit after N lines")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--json", order = 2, description = "print the stream's JSON, one object a line")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    private long shown;
    private boolean connected;
    private boolean open;

    Tail(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        do {
            try (ApiConnection api = server.api(terminal)) {
                api.stream(this::opened, event -> show(event.data()));
            } catch (Enough e) {
                return Commands.DONE;
            } catch (CommandFailed e) {
                if (!connected) {
                    throw e;
                }
            }
            if (open) {
                terminal.err().println("The stream ended; reconnecting …");
            }
            open = false;
            LockSupport.parkNanos(RECONNECT_DELAY.toNanos());
        } while (true);
    }

    private void opened() {
        if (connected) {
            terminal.err().println("Reconnected; events in between are not shown.");
        }
        connected = true;
        open = true;
    }

    private void show(String data) {
        terminal.out().println(json ? data : text(JsonOutput.MAPPER.readTree(data)));
        shown++;
        boolean readerHasClosed = terminal.out().checkError(); // tail | head
        if (shown >= limit || readerHasClosed) {
            throw new Enough();
        }
    }

    /** Ends the stream. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super("enough lines", null, false, false);
        }
    }

    private String text(JsonNode event) {
        String type = event.path("type").asString("").replaceFirst("^(notification|payment)\\.", "");
        JsonNode attempt = event.path("attempt");
        String what = attempt.isObject() ? "attempt " + attempt.path("number").asInt(0) : type;
        String line = terminal.paint(AnsiStyle.DIM, time(event)) + "  "
                + shown(event, "notification_id") + shown(event, "payment_id") + "  "
                + terminal.paint(AnsiStyle.BOLD, String.format(Locale.ROOT, "%-11s", what)) + " "
                + (attempt.isObject() ? attempt(event, attempt) : facts(event));
        return line.stripTrailing();
    }

    private static String time(JsonNode event) {
        return event.path("at").isString()
                ? TimeText.time(Instant.parse(event.path("at").asString()))
                : "-";
    }

    private String attempt(JsonNode event, JsonNode attempt) {
        String outcome = attempt.path("outcome").asString("");
        String status = attempt.path("http_status").isNumber()
                ? " " + attempt.path("http_status").asInt()
                : "";
        String state = event.path("state")
                .asString(event.path("type").asString("").endsWith("superseded") ? "superseded" : "");
        return terminal.paint(NotificationText.style(outcome), String.format(Locale.ROOT, "%-17s", outcome + status))
                + "  "
                + String.format(
                        Locale.ROOT,
                        "%8s late  ",
                        TimeText.exact(Duration.ofMillis(attempt.path("late_ms").asLong(0))))
                + terminal.paint(NotificationText.style(state), state)
                + next(event, Instant.parse(event.path("at").asString()));
    }

    private static String next(JsonNode event, Instant at) {
        return event.path("next_attempt_at").isString()
                ? ", next in "
                        + TimeText.rough(Duration.between(
                                at, Instant.parse(event.path("next_attempt_at").asString())))
                : "";
    }

    private static String facts(JsonNode event) {
        String parked = event.path("held_by").isString()
                ? "parked by its " + event.path("held_by").asString()
                : "";
        String order = event.path("order_no").isString() ? "  order " + shown(event, "order_no") : "";
        return parked + shown(event, "event_type") + order + payment(event);
    }

    private static String payment(JsonNode event) {
        return event.path("payment_id").isString()
                ? "payment by " + shown(event, "channel") + "  order " + shown(event, "out_trade_no") + "  ("
                        + shown(event, "source") + ")"
                : "";
    }

    private static String shown(JsonNode event, String field) {
        @Nullable String text = event.path(field).isString() ? event.path(field).asString() : null;
        return text == null ? "" : NotificationText.shown(text, 64);
    }
}
