package dev.rung.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code rung get ID}: one notification and every attempt of it. */
@Command(
        name = "get",
        header = "Shows a notification, each attempt, and how late each was.",
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ./rung get ntf_1c2d3e4f5g6h7", "  ./rung get --json ntf_1c2d3e4f5g6h7 | jq .attempts[].due_at"})
final class Get implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "the notification, ntf_…")
    private String id = "";

    @Option(names = "--json", description = "the API's answer as it is")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Get(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (ApiConnection api = server.api(terminal)) {
            JsonNode notification = api.get("/v1/notifications/" + PathSegments.of(id));
            if (json) {
                terminal.out().println(notification);
            } else {
                NotificationText.lines(terminal, NotificationView.of(notification), Instant.now())
                        .forEach(terminal.out()::println);
            }
            return Commands.DONE;
        }
    }
}
