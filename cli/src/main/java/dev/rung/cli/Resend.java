package dev.rung.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code rung resend}: resends notifications by id or filter. */
@Command(
        name = "resend",
        header = "Resends notifications, by id or by filter.",
        description = {
            "",
            "A delivered notification gets one more attempt. Any other is attempted immediately and restarts its ladder.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung resend ntf_1c2d3e4f5g6h7",
            "  ./rung resend --merchant mch_1c2d3e4f5g6h7 --state exhausted --from 1d --dry-run"
        })
final class Resend implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "notification ids, ntf_…")
    private List<String> ids = List.of();

    @Mixin
    private NotificationFilterOptions filter = new NotificationFilterOptions();

    @Option(names = "--dry-run", order = 6, description = "only count the matching notifications")
    private boolean dryRun;

    @Option(names = "--url", paramLabel = "URL", order = 7, description = "send them to this URL instead (ids only)")
    private @Nullable String url;

    @Option(names = "--json", order = 8, description = "print the API's JSON responses, one a line")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Resend(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (ids.isEmpty() == filter.isEmpty()) {
            throw new WrongUsage("specify either ids or a filter such as --state exhausted");
        }
        if (!ids.isEmpty() && dryRun) {
            throw new WrongUsage("--dry-run requires a filter, not ids");
        }
        if (ids.isEmpty() && !filter.hasState()) {
            throw new WrongUsage("a filter requires --state, usually --state exhausted");
        }
        if (ids.isEmpty() && url != null) {
            throw new WrongUsage("--url requires ids, not a filter");
        }
        JsonNode address =
                url == null ? null : JsonOutput.MAPPER.createObjectNode().put("url", url);
        Map<String, @Nullable Object> wanted = filter.query(Instant.now());
        try (ApiConnection api = server.api(terminal)) {
            return ids.isEmpty()
                    ? all(api, wanted)
                    : BulkCommand.of(
                            terminal,
                            json,
                            ids,
                            "resent",
                            id -> api.ask("POST", "/v1/notifications/" + PathSegments.of(id) + "/resend", address),
                            api);
        }
    }

    /** Each call processes a bounded batch; the cursor continues with the next. */
    private int all(ApiConnection api, Map<String, @Nullable Object> wanted) {
        wanted.values().removeIf(v -> v == null);
        wanted.replaceAll((name, value) -> value == null ? "" : value.toString());
        wanted.put("dry_run", dryRun);
        long matched = 0;
        long resent = 0;
        Progress progress = new Progress(terminal);
        do {
            if (!json) {
                progress.show(summary(matched, resent) + " so far …");
            }
            JsonNode part = api.post("/v1/notifications/resend", JsonOutput.MAPPER.valueToTree(wanted));
            matched += part.path("matched").asLong(0);
            resent += part.path("resent").asLong(0);
            JsonNode next = part.path("next_cursor");
            if (json) {
                terminal.out().println(part);
            }
            if (!next.isString()) {
                break;
            }
            wanted.put("cursor", next.asString());
        } while (true);
        progress.clear();
        if (!json) {
            terminal.out().println(summary(matched, resent));
        }
        return Commands.DONE;
    }

    private String summary(long matched, long resent) {
        return dryRun ? matched + " would be resent" : matched + " matched, " + resent + " resent";
    }
}
