package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung rejected …}: shows, corrects and replays the AMQP submissions that intake rejected. */
@Command(
        name = "rejected",
        header = "AMQP submissions that were rejected: list, show, replay, discard.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung rejected list",
            "  ./rung rejected replay rej_1c2d3e4f5g6h7 --set merchant_id=mch_7h6g5f4e3d2c1"
        })
final class Rejected {
    private static final String PATH = "/v1/rejected";

    private Rejected() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Rejected())
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Show(terminal))
                .addSubcommand(new Replay(terminal))
                .addSubcommand(new Discard(terminal));
    }

    @Command(name = "list", header = "Lists the rejected submissions, oldest first.", sortOptions = false)
    private static final class ListAll extends ApiCommand {
        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            Table table = new Table("id", "rejected at", "routing key", "message-id", "reason");
            Consumer<JsonNode> row = each -> table.add(List.of(
                    Cell.of(text(each.path("id"))),
                    Cell.of(text(each.path("rejected_at"))),
                    Cell.of(text(each.path("routing_key"))),
                    Cell.of(text(each.path("message_id"))),
                    Cell.of(text(each.path("reason")))));
            list(api, PATH, table, row);
        }
    }

    @Command(name = "show", header = "Shows a rejected submission with its body.", sortOptions = false)
    private static final class Show extends ApiCommand {
        @Parameters(paramLabel = "ID", description = "rej_…")
        private String id = "";

        Show(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            print(api.get(PATH + "/" + PathSegments.of(id)));
        }
    }

    /** A command for several submissions; it ends at the first error. */
    private abstract static class Several extends ApiCommand {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "rej_…")
        private List<String> ids = List.of();

        Several(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            ids.forEach(id -> run(api, id, PATH + "/" + PathSegments.of(id)));
        }

        abstract void run(ApiConnection api, String id, String path);

        void done(String id, String result) {
            terminal.out().println(id + "  " + terminal.paint(AnsiStyle.GREEN, result));
        }
    }

    @Command(
            name = "replay",
            header = "Submits rejected submissions again; accepted ones are removed.",
            sortOptions = false)
    private static final class Replay extends Several {
        @Option(
                names = "--set",
                paramLabel = "MEMBER=VALUE",
                order = 1,
                description = "replaces a member of the body, JSON or text: --set merchant_id=mch_…; may be repeated")
        private Map<String, String> members = new LinkedHashMap<>();

        Replay(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api, String id, String path) {
            ObjectNode body = JsonOutput.MAPPER.createObjectNode();
            if (!members.isEmpty()) {
                ObjectNode set = body.putObject("set");
                members.forEach((name, value) -> set.set(name, JsonOutput.value(value)));
            }
            JsonNode notification = api.post(path + "/replay", body);
            if (json) {
                terminal.out().println(notification);
            } else {
                done(id, "became " + text(notification.path("id")));
            }
        }
    }

    @Command(name = "discard", header = "Discards rejected submissions permanently.", sortOptions = false)
    private static final class Discard extends Several {
        Discard(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api, String id, String path) {
            api.demand(api.ask("DELETE", path, null));
            if (!json) {
                done(id, "discarded");
            }
        }
    }
}
