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

/** {@code rung resend}: attempts again, by id or all that a filter finds. */
@Command(
        name = "resend",
        header = "Sends notifications again: some by id, or all that a filter finds.",
        description = {
            "",
            "A delivered one gets one attempt more; any other an attempt at once and its ladder anew.",
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

    @Parameters(paramLabel = "ID", arity = "0..*", description = "the notifications, ntf_…")
    private List<String> ids = List.of();

    @Mixin
    private NotificationFilterOptions filter = new NotificationFilterOptions();

    @Option(names = "--dry-run", order = 6, description = "only count what would be sent again")
    private boolean dryRun;

    @Option(names = "--json", order = 7, description = "the API's answers, one a line")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Resend(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (ids.isEmpty() == filter.isEmpty()) {
            throw new WrongUsage("give either ids or a filter such as --state exhausted");
        }
        if (!ids.isEmpty() && dryRun) {
            throw new WrongUsage("--dry-run goes with a filter, not with ids");
        }
        if (ids.isEmpty() && !filter.hasState()) {
            throw new WrongUsage("a filter needs --state: most often it is --state exhausted");
        }
        Map<String, @Nullable Object> wanted = filter.query(Instant.now());
        try (ApiConnection api = server.api(terminal)) {
            return ids.isEmpty()
                    ? all(api, wanted)
                    : BulkCommand.of(
                            terminal,
                            json,
                            ids,
                            "owed again",
                            id -> api.ask(
                                    "POST", "/v1/notifications/" + PathSegments.of(id) + "/resend", null, Map.of()),
                            api);
        }
    }

    /** A call does a bounded part; its cursor says where to go on. */
    private int all(ApiConnection api, Map<String, @Nullable Object> wanted) {
        wanted.values().removeIf(v -> v == null);
        wanted.replaceAll((name, value) -> value == null ? "" : value.toString());
        wanted.put("dry_run", dryRun);
        long matched = 0;
        long resent = 0;
        Progress progress = new Progress(terminal);
        do {
            if (!json) {
                progress.show(said(matched, resent) + " so far …");
            }
            JsonNode part = api.post("/v1/notifications/resend", JsonOutput.MAPPER.writeValueAsBytes(wanted), Map.of());
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
            terminal.out().println(said(matched, resent));
        }
        return Commands.DONE;
    }

    private String said(long matched, long resent) {
        return dryRun ? matched + " would be sent again" : matched + " found, " + resent + " owed again";
    }
}
