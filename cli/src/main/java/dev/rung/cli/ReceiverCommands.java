package dev.rung.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that merchants and endpoints have in common. */
final class ReceiverCommands {
    private ReceiverCommands() {}

    /** Parameters that name one receiver. */
    interface Target {
        /** Its path in the API. */
        String path();

        String id();
    }

    /** Shows the receiver. */
    static CommandLine get(Terminal terminal, Target target, String header) {
        return command(new Get(terminal, target), header);
    }

    /** Calls {@code POST …/action}. */
    static CommandLine post(Terminal terminal, Target target, String action, String header) {
        return command(new Post(terminal, target, action), header);
    }

    static CommandLine rotateSecret(Terminal terminal, Target target, String header) {
        return command(new RotateSecret(terminal, target), header);
    }

    private static CommandLine command(ApiCommand command, String header) {
        CommandLine made = new CommandLine(command);
        made.getCommandSpec().usageMessage().header(header);
        return made;
    }

    /** A command for one receiver. */
    abstract static class ForOne extends ApiCommand {
        @Mixin
        private final Target target;

        ForOne(Terminal terminal, Target target) {
            super(terminal);
            this.target = target;
        }

        String path() {
            return target.path();
        }

        void delete(ApiConnection api, String query) {
            api.demand(api.ask("DELETE", path() + query, null));
            if (!json) {
                terminal.out().println(target.id() + "  " + terminal.paint(AnsiStyle.GREEN, "deleted"));
            }
        }
    }

    @Command(sortOptions = false)
    private static final class Get extends ForOne {
        Get(Terminal terminal, Target target) {
            super(terminal, target);
        }

        @Override
        void run(ApiConnection api) {
            print(api.get(path()));
        }
    }

    @Command(sortOptions = false)
    private static final class Post extends ForOne {
        private final String action;

        Post(Terminal terminal, Target target, String action) {
            super(terminal, target);
            this.action = action;
        }

        @Override
        void run(ApiConnection api) {
            print(api.post(path() + "/" + action, null));
        }
    }

    @Command(sortOptions = false)
    private static final class RotateSecret extends ForOne {
        @Option(
                names = "--overlap",
                paramLabel = "D",
                defaultValue = "24h",
                order = 1,
                description = "how long the old key stays valid (${DEFAULT-VALUE})")
        private String overlap = "";

        RotateSecret(Terminal terminal, Target target) {
            super(terminal, target);
        }

        @Override
        void run(ApiConnection api) {
            print(api.post(
                    path() + "/rotate-secret",
                    JsonOutput.MAPPER.createObjectNode().put("overlap", overlap)));
        }
    }
}
