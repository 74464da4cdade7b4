package dev.rung.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code rung get ID}: shows a notification with all attempts. */
@Command(
        name = "get",
        header = "Shows a notification and its attempts, with their lateness.",
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ./rung get ntf_1c2d3e4f5g6h7", "  ./rung get --json ntf_1c2d3e4f5g6h7 | jq .attempts[].due_at"})
final class Get implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "notification id, ntf_…")
    private String id = "";

    @Option(names = "--json", description = "print the API's JSON response")
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
