package dev.rung.cli;

import dev.rung.cli.Table.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
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

/** {@code rung channels …}: manages channel accounts. */
@Command(
        name = "channels",
        header = "Manages channel accounts: list, get, create, update, check, delete.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung channels create alipay-shanghai --type alipay --set app_id=2021000000000001 \\",
            "    --file private_key=app.pem --file public_key=alipay.pem",
            "  ./rung channels check alipay-shanghai",
            "  ./rung channels update alipay-shanghai --set bills=11:00"
        })
final class Channels {
    private static final String PATH = "/v1/channels";

    private Channels() {}

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new Channels())
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Show(terminal))
                .addSubcommand(new Create(terminal))
                .addSubcommand(new Update(terminal))
                .addSubcommand(new Test(terminal))
                .addSubcommand(new Delete(terminal));
    }

    @Command(name = "list", header = "Lists channel accounts.", sortOptions = false)
    private static final class ListAll extends ApiCommand {
        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            Table table = new Table("name", "type", "from", "methods", "problem");
            Consumer<JsonNode> row = account -> table.add(List.of(
                    Cell.of(text(account.path("name"))),
                    Cell.of(text(account.path("type"))),
                    Cell.of(text(account.path("source"))),
                    Cell.of(String.join(",", texts(account.path("methods")))),
                    Cell.of(account.path("problem").isString() ? text(account.path("problem")) : "-")));
            list(api, PATH, table, row);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asString("")));
        return texts;
    }

    private abstract static class AccountCommand extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "name of the account")
        String name = "";

        AccountCommand(Terminal terminal) {
            super(terminal);
        }

        String path() {
            return PATH + "/" + PathSegments.of(name);
        }
    }

    @Command(name = "get", header = "Shows an account, without its secrets.", sortOptions = false)
    private static final class Show extends AccountCommand {
        Show(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            print(api.get(path()));
        }
    }

    /** With the members of an account. */
    private abstract static class MembersCommand extends AccountCommand {
        @Option(
                names = "--set",
                paramLabel = "MEMBER=VALUE",
                order = 2,
                description = "a member of the account, such as app_id=…; an empty value removes it")
        Map<String, String> values = new LinkedHashMap<>();

        @Option(
                names = "--file",
                paramLabel = "MEMBER=FILE",
                order = 3,
                description = "a member whose value is the content of a file, such as private_key=app.pem")
        Map<String, String> files = new LinkedHashMap<>();

        MembersCommand(Terminal terminal) {
            super(terminal);
        }

        ObjectNode members() {
            ObjectNode body = JsonOutput.MAPPER.createObjectNode();
            values.forEach((member, value) -> put(body, member, value));
            files.forEach((member, file) -> {
                try {
                    body.put(
                            member, Files.readString(terminal.workingDirectory().resolve(file)));
                } catch (IOException e) {
                    throw new CommandFailed(file + " cannot be read: " + e);
                }
            });
            return body;
        }

        /** The time of bills is an object with one member. */
        private static void put(ObjectNode body, String member, String value) {
            if (value.isEmpty()) {
                body.putNull(member);
            } else if (member.equals("bills")) {
                body.putObject(member).put("at", value);
            } else {
                body.put(member, value);
            }
        }
    }

    @Command(name = "create", header = "Creates an account; all servers use it within a second.", sortOptions = false)
    private static final class Create extends MembersCommand {
        @Option(names = "--type", paramLabel = "TYPE", order = 1, required = true, description = "alipay, wechatpay, …")
        private String type = "";

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            ObjectNode body = members();
            body.put("name", name);
            body.put("type", type);
            print(api.post(PATH, body));
        }
    }

    @Command(
            name = "update",
            header = "Changes members of an account that was created by the API.",
            sortOptions = false)
    private static final class Update extends MembersCommand {
        Update(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            print(api.demand(api.ask("PATCH", path(), members())));
        }
    }

    @Command(
            name = "check",
            header = "Sends a signed test request to the channel; exit code 1 if there is a problem.",
            sortOptions = false)
    private static final class Test extends AccountCommand {
        Test(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            JsonNode checked = api.post(path() + "/check", null);
            print(checked);
            if (!checked.path("ok").asBoolean(false)) {
                throw new CommandFailed(String.join("; ", texts(checked.path("problems"))));
            }
        }
    }

    @Command(name = "delete", header = "Deletes an account without open payments and refunds.", sortOptions = false)
    private static final class Delete extends AccountCommand {
        Delete(Terminal terminal) {
            super(terminal);
        }

        @Override
        void run(ApiConnection api) {
            api.demand(api.ask("DELETE", path(), null));
            if (!json) {
                terminal.out().println(name + "  " + terminal.paint(AnsiStyle.GREEN, "deleted"));
            }
        }
    }
}
