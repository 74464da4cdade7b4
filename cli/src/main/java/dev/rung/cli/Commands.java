package dev.rung.cli;

import dev.rung.settings.InvalidSettings;
import dev.rung.settings.SpellingSuggestion;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: registers all commands, and turns errors into messages and exit codes. */
@Command(
        name = "rung",
        description = "Payment results, delivered.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nQuick start, in three terminals:%n",
        footer = {
            "  ./rung serve --allow-targets 127.0.0.0/8",
            "  ./rung listen --fail 2",
            "  ./rung send",
            "",
            "./rung COMMAND --help shows the options of a command.",
            "In a source checkout, ./rung bench measures throughput and lateness, and ./rung torture",
            "injects faults into a private cluster.",
            "Exit codes: 0 success, 1 failure, 2 wrong usage."
        })
public final class Commands implements Callable<Integer> {
    /** Exit code: success. */
    public static final int DONE = 0;

    /** Exit code: the operation failed. */
    public static final int FAILED = 1;

    /** Exit code: wrong usage, including invalid settings. */
    public static final int WRONG_USAGE = 2;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Commands(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(spec.commandLine().getUsageMessage());
        return DONE;
    }

    /** Runs a command and returns its exit code. */
    public static int run(ServerLauncher server, String... args) {
        return run(Terminal.ofProcess(), server, args);
    }

    static int run(Terminal terminal, ServerLauncher server, String... args) {
        int code = commandLine(terminal, server).execute(args);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static CommandLine commandLine(Terminal terminal, ServerLauncher server) {
        CommandLine root = new CommandLine(new Commands(terminal));
        root.addSubcommand("serve", Serve.spec(terminal, server));
        root.addSubcommand(new Demo(terminal, server));
        root.addSubcommand(new Listen(terminal));
        root.addSubcommand(new Send(terminal));
        root.addSubcommand(new Get(terminal));
        root.addSubcommand(new ListNotifications(terminal));
        root.addSubcommand(new Resend(terminal));
        root.addSubcommand(new Cancel(terminal));
        root.addSubcommand(new Tail(terminal));
        root.addSubcommand("doctor", Doctor.spec(terminal));
        root.addSubcommand(new Reconcile(terminal));
        root.addSubcommand(Merchants.commandLine(terminal));
        root.addSubcommand(Endpoints.commandLine(terminal));
        root.addSubcommand(Channels.commandLine(terminal));
        root.addSubcommand(Keys.commandLine(terminal));
        root.addSubcommand(Rejected.commandLine(terminal));
        root.addSubcommand(new Schema(terminal));
        root.addSubcommand(new Backup(terminal));
        root.addSubcommand(new Restore(terminal));
        root.addSubcommand(new Migrate(terminal));
        root.addSubcommand("rotate-master-key", RotateMasterKey.spec(terminal));
        root.addSubcommand(new Completion(terminal));
        ServiceLoader.load(CommandProvider.class).forEach(provider -> root.addSubcommand(provider.command()));
        addHelp(root);
        root.setOut(terminal.out());
        root.setErr(terminal.err());
        root.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        root.setUsageHelpWidth(100);
        root.setUsageHelpAutoWidth(true);
        root.setUsageHelpLongOptionsMaxWidth(30);
        root.setParameterExceptionHandler(Commands::wrongUsage);
        root.setExecutionExceptionHandler(Commands::failed);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        return root;
    }

    private static void addHelp(CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            command.getCommandSpec().addOption(help());
            addHelp(command);
        }
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .order(200)
                .description("show this help")
                .build();
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(name(command) + ": " + message(e));
        err.println("Try: ./" + name(command) + " --help");
        err.flush();
        return WRONG_USAGE;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            String bare = word.replaceFirst("=.*", "");
            Collection<String> known = known(e.getCommandLine(), bare);
            return (bare.startsWith("-") ? "unknown option " : "unexpected argument ")
                    + bare
                    + SpellingSuggestion.to(bare, known)
                            .map(n -> "; did you mean " + n + "?")
                            .orElse("");
        }
        // Leave out the exception class that picocli appends.
        return Objects.requireNonNullElse(e.getMessage(), "wrong usage")
                .replaceFirst(" \\([\\w.]+Exception: .*\\)$", "");
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
            if (e instanceof WrongUsage) {
                err.println(name(command) + ": " + e.getMessage());
                return WRONG_USAGE;
            }
            if (e instanceof CommandFailed) {
                err.println(name(command) + ": " + e.getMessage());
                return FAILED;
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
