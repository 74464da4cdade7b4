package dev.rung.cli;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A subcommand that makes calls of the API and prints their results. */
abstract class ApiCommand implements Callable<Integer> {
    final Terminal terminal;

    @Option(names = "--json", order = 90, description = "print the API's JSON, one object a line")
    boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    ApiCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (ApiConnection api = server.api(terminal)) {
            run(api);
            return Commands.DONE;
        }
    }

    abstract void run(ApiConnection api);

    /** Passes each object of a list to the row, or prints it as JSON. */
    void list(ApiConnection api, String path, Table table, Consumer<JsonNode> row) {
        @Nullable String cursor = null;
        do {
            JsonNode page = api.get(path + (cursor == null ? "" : "?cursor=" + PathSegments.of(cursor)));
            for (JsonNode item : page.path("data")) {
                if (json) {
                    terminal.out().println(item);
                } else {
                    row.accept(item);
                }
            }
            cursor = page.path("next_cursor").isString()
                    ? page.path("next_cursor").asString()
                    : null;
        } while (cursor != null);
        if (!json && !table.isEmpty()) {
            table.lines(terminal).forEach(terminal.out()::println);
        }
    }

    /** Prints the members of an object, one a line, or as JSON. */
    void print(JsonNode object) {
        if (json) {
            terminal.out().println(object);
            return;
        }
        int width =
                object.propertyStream().mapToInt(m -> m.getKey().length()).max().orElse(0);
        object.propertyStream()
                .filter(m -> !m.getValue().isNull())
                .forEach(m -> terminal.out()
                        .println(terminal.paint(
                                        AnsiStyle.DIM,
                                        m.getKey()
                                                + " ".repeat(width - m.getKey().length())) + "  "
                                + text(m.getValue())));
    }

    static String text(JsonNode value) {
        return NotificationText.shown(
                value.isMissingNode() || value.isNull() ? "-" : value.isString() ? value.asString() : value.toString(),
                500);
    }
}
