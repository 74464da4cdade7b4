package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung endpoints …}: manages the further receivers of a merchant. */
@Command(
        name = "endpoints",
        header =
                "Manages a merchant's endpoints: list, get, create, update, pause, resume, test, rotate-secret, delete.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung endpoints create mch_1c2d3e4f5g6h7 --name CRM --url https://crm.example/hook --events 'payment.*'",
            "  ./rung endpoints list mch_1c2d3e4f5g6h7",
            "  ./rung endpoints pause mch_1c2d3e4f5g6h7 ep_1c2d3e4f5g6h7"
        })
final class Endpoints {
    private Endpoints() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Endpoints())
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(
                        "get",
                        ReceiverCommands.get(
                                terminal, new OneEndpoint(), "Shows an endpoint with its settings and health."))
                .addSubcommand(new Create(terminal))
                .addSubcommand(new Update(terminal))
                .addSubcommand("pause", post(terminal, "pause", "Pauses an endpoint: its notifications wait."))
                .addSubcommand("resume", post(terminal, "resume", "Resumes a paused endpoint."))
                .addSubcommand("test", post(terminal, "test", "Sends a test notification to an endpoint."))
                .addSubcommand(
                        "rotate-secret",
                        ReceiverCommands.rotateSecret(
                                terminal,
                                new OneEndpoint(),
                                "Gives an endpoint a new signing key and shows it; a secret is never shown again."))
                .addSubcommand(new Delete(terminal));
    }

    private static CommandLine post(Terminal terminal, String action, String header) {
        return ReceiverCommands.post(terminal, new OneEndpoint(), action, header);
    }

    /** The options that set members of an endpoint. */
    private static final class EndpointOptions {
        @Option(names = "--name", paramLabel = "NAME", order = 1, description = "name")
        private @Nullable String name;

        @Option(names = "--url", paramLabel = "URL", order = 2, description = "URL that receives the notifications")
        private @Nullable String url;

        @Option(
                names = "--events",
                paramLabel = "TYPES",
                order = 3,
                description = "event types, comma-separated; a * at the end matches any suffix")
        private @Nullable String events;

        @Option(
                names = "--set",
                paramLabel = "MEMBER=VALUE",
                order = 4,
                description = "any member of the API, JSON or text: --set timeout=10s; may be repeated")
        private Map<String, String> others = new LinkedHashMap<>();

        ObjectNode body() {
            ObjectNode body = JsonOutput.MAPPER.createObjectNode();
            if (name != null) {
                body.put("name", name);
            }
            if (url != null) {
                body.put("url", url);
            }
            if (events != null) {
                Stream.of(events.split(",", -1)).map(String::strip).forEach(body.putArray("events")::add);
            }
            others.forEach((member, value) -> body.set(member, JsonOutput.value(value)));
            return body;
        }
    }

    /** The endpoints of one merchant. */
    private static class OfMerchant {
        @Parameters(index = "0", paramLabel = "MERCHANT", description = "merchant id, mch_…")
        private String merchant = "";

        String all() {
            return "/v1/merchants/" + PathSegments.of(merchant) + "/endpoints";
        }
    }

    private static final class OneEndpoint extends OfMerchant implements ReceiverCommands.Target {
        @Parameters(index = "1", paramLabel = "ID", description = "endpoint id, ep_…")
        private String id = "";

        @Override
        public String path() {
            return all() + "/" + PathSegments.of(id);
        }

        @Override
        public String id() {
            return id;
        }
    }

    @Command(name = "list", header = "Lists the endpoints of a merchant, oldest first.", sortOptions = false)
    private static final class ListAll extends ApiCommand {
        @Mixin
        private OfMerchant endpoints = new OfMerchant();

        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            Table table = new Table("id", "name", "state", "events", "URL");
            Consumer<JsonNode> row = endpoint -> table.add(List.of(
                    Cell.of(text(endpoint.path("id"))),
                    Cell.of(text(endpoint.path("name"))),
                    new Cell(
                            text(endpoint.path("state")),
                            endpoint.path("state").asString("").equals("paused") ? AnsiStyle.YELLOW : AnsiStyle.PLAIN),
                    Cell.of(String.join(
                            ",",
                            endpoint.path("events")
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList())),
                    Cell.of(text(endpoint.path("url")))));
            list(api, endpoints.all(), table, row);
        }
    }

    @Command(
            name = "create",
            header = "Adds an endpoint; shows its public key, or its signing secret, which is never shown again.",
            sortOptions = false)
    private static final class Create extends ApiCommand {
        @Mixin
        private OfMerchant endpoints = new OfMerchant();

        @Mixin
        private EndpointOptions endpoint = new EndpointOptions();

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            print(api.post(endpoints.all(), endpoint.body()));
        }
    }

    @Command(name = "update", header = "Changes settings of an endpoint.", sortOptions = false)
    private static final class Update extends ReceiverCommands.ForOne {
        @Mixin
        private EndpointOptions changes = new EndpointOptions();

        Update(Terminal terminal) {
            super(terminal, new OneEndpoint());
        }

        @Override
        void run(ApiConnection api) {
            ObjectNode body = changes.body();
            if (body.isEmpty()) {
                throw new WrongUsage("specify what to change, such as --url URL");
            }
            print(api.demand(api.ask("PATCH", path(), body)));
        }
    }

    @Command(
            name = "delete",
            header = "Deletes an endpoint and cancels its waiting notifications.",
            sortOptions = false)
    private static final class Delete extends ReceiverCommands.ForOne {
        Delete(Terminal terminal) {
            super(terminal, new OneEndpoint());
        }

        @Override
        void run(ApiConnection api) {
            delete(api, "");
        }
    }
}
