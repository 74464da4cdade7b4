package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code rung list}: lists notifications, newest first. */
@Command(
        name = "list",
        header = "Lists notifications, newest first.",
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung list --state exhausted --from 1d",
            "  ./rung list --order-no 20261123001",
            "  ./rung list --limit 1000 --json | jq -r .id"
        })
final class ListNotifications implements Callable<Integer> {
    private static final int PAGE_MAX = 100;

    private final Terminal terminal;

    @Mixin
    private NotificationFilterOptions filter = new NotificationFilterOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "maximum number of notifications (${DEFAULT-VALUE})",
            order = 6)
    private int limit;

    @Option(names = "--json", description = "print one JSON object a line, as in the API", order = 7)
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    ListNotifications(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new WrongUsage("--limit must be at least 1");
        }
        Instant now = Instant.now();
        Map<String, @Nullable Object> wanted = filter.query(now);
        try (ApiConnection api = server.api(terminal)) {
            Table table = new Table("id", "created", "state", "attempts", "event", "order", "merchant", "next attempt");
            Progress progress = new Progress(terminal);
            boolean more = false;
            int shown = 0;
            @Nullable String cursor = null;
            do {
                wanted.put("limit", Math.min(PAGE_MAX, limit - shown));
                wanted.put("cursor", cursor);
                JsonNode page = api.get("/v1/notifications" + ApiConnection.query(wanted));
                for (JsonNode notification : page.path("data")) {
                    if (json) {
                        terminal.out().println(notification);
                    } else {
                        table.add(row(NotificationView.of(notification), now));
                    }
                    shown++;
                }
                cursor = page.path("next_cursor").isString()
                        ? page.path("next_cursor").asString()
                        : null;
                more = cursor != null;
                if (more && shown < limit && !json) {
                    progress.show(shown + " found so far …");
                }
            } while (more && shown < limit);
            progress.clear();
            if (!json) {
                print(table, more);
            }
            return Commands.DONE;
        }
    }

    private void print(Table table, boolean more) {
        if (table.isEmpty()) {
            terminal.err().println("No notifications match.");
            return;
        }
        table.lines(terminal).forEach(terminal.out()::println);
        if (more) {
            terminal.err().println("There are more: increase --limit N.");
        }
    }

    private List<Cell> row(NotificationView n, Instant now) {
        Instant next = n.progress().nextAttemptAt();
        return List.of(
                Cell.of(n.id()),
                Cell.of(
                        terminal.interactive()
                                ? TimeText.moment(n.createdAt(), now)
                                : TimeText.dayAndTime(n.createdAt())),
                new Cell(
                        n.progress().state(),
                        NotificationText.style(n.progress().state())),
                Cell.of(n.progress().made() + "/" + n.progress().max()),
                Cell.of(n.eventType() == null ? "-" : n.eventType()),
                Cell.of(n.orderNo() == null ? "-" : n.orderNo()),
                Cell.of(n.merchant()),
                Cell.of(next == null ? "-" : next(next, now)));
    }

    /** On a terminal the remaining time, in a pipe the exact time. */
    private String next(Instant next, Instant now) {
        if (!terminal.interactive()) {
            return TimeText.dayAndTime(next);
        }
        return next.isAfter(now) ? "in " + TimeText.rough(Duration.between(now, next)) : "now";
    }
}
