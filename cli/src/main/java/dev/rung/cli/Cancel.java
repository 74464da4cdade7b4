package dev.rung.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rung cancel ID…}: cancels waiting notifications. */
@Command(
        name = "cancel",
        header = "Cancels waiting notifications: no further attempts are made.",
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExample:%n",
        footer = "  ./rung cancel ntf_1c2d3e4f5g6h7")
final class Cancel implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "notification ids, ntf_…")
    private List<String> ids = List.of();

    @Option(names = "--json", description = "print the API's JSON responses, one a line")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Cancel(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (ApiConnection api = server.api(terminal)) {
            return BulkCommand.of(
                    terminal,
                    json,
                    ids,
                    "cancelled",
                    id -> api.ask("POST", "/v1/notifications/" + PathSegments.of(id) + "/cancel", null),
                    api);
        }
    }
}
