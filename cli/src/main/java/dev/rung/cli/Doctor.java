package dev.rung.cli;

import dev.rung.cli.doctor.DoctorChecks;
import dev.rung.core.port.CheckResult;
import dev.rung.core.port.CheckResult.Level;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung doctor}: checks the environment of a server and suggests fixes. */
@Command(
        name = "doctor",
        header = "Checks the environment of a server and suggests fixes.",
        description = {
            "",
            "Reads the same settings as serve. It changes nothing and can run beside a server.",
            "Exit code 1 if there is a problem.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung doctor",
            "  ./rung doctor --database-url jdbc:postgresql://db/rung --rabbitmq-uri amqp://mq/"
        })
final class Doctor implements Callable<Integer> {
    private final Terminal terminal;
    private final SettingsOptions settings = new SettingsOptions();

    @Option(names = "--json", order = 1, description = "print one JSON object per result")
    private boolean json;

    private Doctor(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandSpec spec(Terminal terminal) {
        Doctor doctor = new Doctor(terminal);
        CommandSpec spec = CommandSpec.forAnnotatedObject(doctor);
        doctor.settings.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() {
        List<CheckResult> results = DoctorChecks.of(settings.gather(terminal));
        results.forEach(f -> terminal.out().println(json ? object(f) : text(f)));
        long wrong = results.stream().filter(f -> f.level() == Level.WRONG).count();
        if (!json) {
            terminal.out().println();
            terminal.out()
                    .println(
                            wrong == 0
                                    ? terminal.paint(AnsiStyle.GREEN, "No problems found.")
                                    : terminal.paint(
                                            AnsiStyle.RED,
                                            wrong == 1 ? "1 problem found." : wrong + " problems found."));
        }
        return wrong == 0 ? Commands.DONE : Commands.FAILED;
    }

    private String text(CheckResult result) {
        String level = switch (result.level()) {
            case OK -> terminal.paint(AnsiStyle.GREEN, "ok   ");
            case NOTE -> terminal.paint(AnsiStyle.YELLOW, "note ");
            case WRONG -> terminal.paint(AnsiStyle.RED, "WRONG");
        };
        String remedy =
                result.remedy() == null ? "" : "\n" + " ".repeat(19) + terminal.sign("→", "->") + " " + result.remedy();
        return level + "  " + String.format(Locale.ROOT, "%-10s", result.subject()) + "  " + result.detail() + remedy;
    }

    private static String object(CheckResult result) {
        ObjectNode object = JsonOutput.MAPPER.createObjectNode();
        object.put("level", result.level().name().toLowerCase(Locale.ROOT));
        object.put("subject", result.subject());
        object.put("detail", result.detail());
        object.put("remedy", result.remedy());
        return object.toString();
    }
}
