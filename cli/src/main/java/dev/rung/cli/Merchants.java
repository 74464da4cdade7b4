package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung merchants …}: manages merchants. */
@Command(
        name = "merchants",
        header = "Manages merchants: list, get, create, update, pause, resume, rotate-secret, portal-link, delete.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung merchants create --name \"Tea House\" --notify-url https://shop.example/pay/notify",
            "  ./rung merchants update mch_1c2d3e4f5g6h7 --ladder doubling",
            "  ./rung merchants rotate-secret mch_1c2d3e4f5g6h7 --overlap 24h"
        })
final class Merchants {
    private static final String PATH = "/v1/merchants";

    private Merchants() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Merchants())
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(
                        "get",
                        ReceiverCommands.get(
                                terminal, new OneMerchant(), "Shows a merchant with its settings and health."))
                .addSubcommand(new Create(terminal))
                .addSubcommand(new Update(terminal))
                .addSubcommand(
                        "pause", post(terminal, "pause", "Pauses a merchant: its notifications are accepted and wait."))
                .addSubcommand("resume", post(terminal, "resume", "Resumes a paused merchant."))
                .addSubcommand(
                        "rotate-secret",
                        ReceiverCommands.rotateSecret(
                                terminal,
                                new OneMerchant(),
                                "Gives a merchant a new signing key and shows it; a secret is never shown again."))
                .addSubcommand(new PortalLink(terminal))
                .addSubcommand(new Delete(terminal));
    }

    private static CommandLine post(Terminal terminal, String action, String header) {
        return ReceiverCommands.post(terminal, new OneMerchant(), action, header);
    }

    @Command(name = "list", header = "Lists merchants, newest first.", sortOptions = false)
    private static final class ListAll extends ApiCommand {
        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            Table table = new Table("id", "name", "state", "signing", "ladder", "notify URL");
            Consumer<JsonNode> row = merchant -> table.add(List.of(
                    Cell.of(text(merchant.path("id"))),
                    Cell.of(text(merchant.path("name"))),
                    new Cell(
                            text(merchant.path("state")),
                            merchant.path("state").asString("").equals("paused") ? AnsiStyle.YELLOW : AnsiStyle.PLAIN),
                    Cell.of(text(merchant.path("signing"))),
                    Cell.of(text(merchant.path("ladder"))),
                    Cell.of(text(merchant.path("notify_url")))));
            list(api, PATH, table, row);
        }
    }

    private static final class OneMerchant implements ReceiverCommands.Target {
        @Parameters(paramLabel = "ID", description = "merchant id, mch_…")
        private String id = "";

        @Override
        public String path() {
            return PATH + "/" + PathSegments.of(id);
        }

        @Override
        public String id() {
            return id;
        }
    }

    @Command(
            name = "create",
            header = "Creates a merchant; shows its public key, or its signing secret, which is never shown again.",
            sortOptions = false)
    private static final class Create extends ApiCommand {
        @Mixin
        private MerchantOptions merchant = new MerchantOptions();

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            print(api.post(PATH, merchant.body()));
        }
    }

    @Command(name = "update", header = "Changes settings of a merchant.", sortOptions = false)
    private static final class Update extends ReceiverCommands.ForOne {
        @Mixin
        private MerchantOptions changes = new MerchantOptions();

        Update(Terminal terminal) {
            super(terminal, new OneMerchant());
        }

        @Override
        void run(ApiConnection api) {
            ObjectNode body = changes.body();
            if (body.isEmpty()) {
                throw new WrongUsage("specify what to change, such as --notify-url URL");
            }
            print(api.demand(api.ask("PATCH", path(), body)));
        }
    }

    @Command(
            name = "portal-link",
            header = "Creates a link that signs in to the console as this merchant; it works once.",
            sortOptions = false)
    private static final class PortalLink extends ReceiverCommands.ForOne {
        @Option(names = "--role", paramLabel = "ROLE", order = 1, description = "view (the default) or manage")
        private @Nullable String role;

        @Option(
                names = "--expires-in",
                paramLabel = "D",
                order = 2,
                description = "how long the link is valid, 1s to 24h (default: 10m)")
        private @Nullable String expiresIn;

        PortalLink(Terminal terminal) {
            super(terminal, new OneMerchant());
        }

        @Override
        void run(ApiConnection api) {
            ObjectNode body = JsonOutput.MAPPER.createObjectNode();
            if (role != null) {
                body.put("role", role);
            }
            if (expiresIn != null) {
                body.put("expires_in", expiresIn);
            }
            print(api.post(path() + "/portal-link", body));
        }
    }

    @Command(
            name = "delete",
            header = "Deletes a merchant without open payments, open refunds and waiting notifications.",
            sortOptions = false)
    private static final class Delete extends ReceiverCommands.ForOne {
        @Option(names = "--cancel-waiting", order = 1, description = "cancel its waiting notifications first")
        private boolean cancelWaiting;

        Delete(Terminal terminal) {
            super(terminal, new OneMerchant());
        }

        @Override
        void run(ApiConnection api) {
            delete(api, cancelWaiting ? "?cancel_waiting=true" : "");
        }
    }
}
