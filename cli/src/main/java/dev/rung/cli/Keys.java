package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung keys …}: manages API keys, named ones of the server or those of a merchant. */
@Command(
        name = "keys",
        header = "Manages API keys: list, create, revoke.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung keys create --name alice --role operator",
            "  ./rung keys create --merchant mch_1c2d3e4f5g6h7",
            "  ./rung keys revoke key_1c2d3e4f5g6h7"
        })
final class Keys {
    private Keys() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Keys())
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Create(terminal))
                .addSubcommand(new Revoke(terminal));
    }

    private abstract static class KeyCommand extends ApiCommand {
        @Option(
                names = "--merchant",
                paramLabel = "ID",
                order = 1,
                description = "keys of this merchant, mch_…; default: named keys of the server")
        @Nullable String merchant;

        KeyCommand(Terminal terminal) {
            super(terminal);
        }

        String path() {
            return merchant == null ? "/v1/keys" : "/v1/merchants/" + PathSegments.of(merchant) + "/keys";
        }
    }

    @Command(name = "list", header = "Lists keys, without their secrets.", sortOptions = false)
    private static final class ListAll extends KeyCommand {
        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            Table table = new Table("id", "name", "role", "hint", "created", "last used", "expires");
            Consumer<JsonNode> row = key -> table.add(List.of(
                    Cell.of(text(key.path("id"))),
                    Cell.of(text(key.path("name"))),
                    Cell.of(text(key.path("role"))),
                    Cell.of(text(key.path("hint"))),
                    Cell.of(time(key.path("created_at"))),
                    Cell.of(time(key.path("last_used_at"))),
                    Cell.of(time(key.path("expires_at")))));
            list(api, path(), table, row);
        }

        private static String time(JsonNode at) {
            return at.isString() ? TimeText.dayAndTime(Instant.parse(at.asString())) : "-";
        }
    }

    @Command(name = "create", header = "Creates a key and shows it; it is never shown again.", sortOptions = false)
    private static final class Create extends KeyCommand {
        @Option(names = "--name", paramLabel = "NAME", order = 2, description = "name of the key")
        private @Nullable String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                order = 3,
                description = "operator, viewer or intake; of a merchant's key: view or manage")
        private @Nullable String role;

        @Option(names = "--expires-at", paramLabel = "TIME", order = 4, description = "such as 2027-01-01T00:00:00Z")
        private @Nullable String expiresAt;

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            ObjectNode body = JsonOutput.MAPPER.createObjectNode();
            put(body, "name", name);
            put(body, "role", role);
            put(body, "expires_at", expiresAt);
            print(api.post(path(), body.isEmpty() ? null : body));
        }

        private static void put(ObjectNode body, String member, @Nullable String value) {
            if (value != null) {
                body.put(member, value);
            }
        }
    }

    @Command(name = "revoke", header = "Revokes keys.", sortOptions = false)
    private static final class Revoke extends KeyCommand {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "key ids, key_…")
        private List<String> ids = List.of();

        Revoke(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            int code = BulkCommand.of(
                    terminal,
                    json,
                    ids,
                    "revoked",
                    id -> api.ask("DELETE", path() + "/" + PathSegments.of(id), null),
                    api);
            if (code != Commands.DONE) {
                throw new CommandFailed("not all keys were revoked");
            }
        }
    }
}
