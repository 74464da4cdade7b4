package dev.rung.server.cli;

import dev.rung.server.settings.InvalidSettings;
import dev.rung.server.settings.Nearest;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of all commands: knows them, and turns what goes wrong into a sentence and an exit code. */
@Command(
        name = "rung",
        description = "Payment results, delivered.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nOne minute to a first delivery, in three terminals:%n",
        footer = {
            "  ./rung serve --allow-targets 127.0.0.0/8",
            "  ./rung listen --fail 2",
            "  ./rung send",
            "",
            "./rung COMMAND --help explains a command. Exit codes: 0 done, 1 it failed, 2 wrong usage."
        })
public final class Commands {
    /** Done. */
    public static final int DONE = 0;

    /** The operation failed. */
    public static final int FAILED = 1;

    /** Wrong usage, settings included. */
    public static final int WRONG_USAGE = 2;

    Commands() {}

    /** Runs one command to its end and returns the exit code. */
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Commands());
        root.addSubcommand("serve", Serve.spec());
        root.setUsageHelpAutoWidth(true);
        root.setUsageHelpLongOptionsMaxWidth(30);
        root.setParameterExceptionHandler(Commands::wrongUsage);
        root.setExecutionExceptionHandler(Commands::failed);
        return root;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(name(command) + ": " + sentence(e));
        err.println("Try: ./" + name(command) + " --help");
        err.flush();
        return WRONG_USAGE;
    }

    private static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            String bare = word.replaceFirst("=.*", "");
            Collection<String> known = known(e.getCommandLine(), bare);
            return (bare.startsWith("-") ? "unknown option " : "unexpected argument ")
                    + bare
                    + Nearest.to(bare, known)
                            .map(n -> "; did you mean " + n + "?")
                            .orElse("");
        }
        return Objects.requireNonNullElse(e.getMessage(), "wrong usage");
    }

    private static Collection<String> known(CommandLine command, String word) {
        return word.startsWith("-")
                ? command.getCommandSpec().optionsMap().keySet()
                : Stream.of(command.getSubcommands().keySet())
                        .flatMap(Collection::stream)
                        .toList();
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        try {
            if (e instanceof InvalidSettings invalid) {
                invalid.problems().forEach(p -> err.println(name(command) + ": " + p));
                return WRONG_USAGE;
            }
            throw e;
        } finally {
            err.flush();
        }
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
