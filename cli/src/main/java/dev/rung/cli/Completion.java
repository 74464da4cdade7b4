package dev.rung.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rung completion SHELL}: prints a completion script. */
@Command(
        name = "completion",
        header = "Prints a completion script for bash, zsh or fish.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(rung completion bash)",
            "  source <(rung completion zsh)",
            "  rung completion fish > ~/.config/fish/completions/rung.fish"
        })
final class Completion implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    /** A shell, by its name in lower case. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Completion(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        terminal.out()
                .print(
                        switch (shell) {
                            case BASH -> AutoComplete.bash("rung", root);
                            // The script is bash's; zsh reads it with these two functions.
                            case ZSH ->
                                "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
                                        + AutoComplete.bash("rung", root);
                            case FISH -> fish(root);
                        });
        terminal.out().flush();
        return Commands.DONE;
    }

    private static String fish(CommandLine root) {
        List<String> lines = new ArrayList<>();
        lines.add("complete -c rung -f");
        fish(root, List.of(), lines);
        return String.join("\n", lines) + "\n";
    }

    private static void fish(CommandLine command, List<String> path, List<String> lines) {
        String condition = condition(command, path);
        command.getSubcommands().forEach((name, sub) -> {
            lines.add("complete -c rung -n " + quoted(condition) + " -a " + name + " -d " + quoted(header(sub)));
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            fish(sub, deeper, lines);
        });
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                StringBuilder line = new StringBuilder("complete -c rung -n " + quoted(condition));
                for (String name : option.names()) {
                    line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
                }
                line.append(option.arity().max() > 0 ? " -r" : "");
                lines.add(line.toString());
            }
        }
    }

    private static String condition(CommandLine command, List<String> path) {
        if (path.isEmpty()) {
            return "__fish_use_subcommand";
        }
        String inside = String.join(
                "; and ",
                path.stream().map(name -> "__fish_seen_subcommand_from " + name).toList());
        return command.getSubcommands().isEmpty()
                ? inside
                : inside + "; and not __fish_seen_subcommand_from "
                        + String.join(" ", command.getSubcommands().keySet());
    }

    private static String header(CommandLine command) {
        return String.join("", command.getCommandSpec().usageMessage().header());
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
