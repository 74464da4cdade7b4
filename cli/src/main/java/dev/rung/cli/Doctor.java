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

/** {@code rung doctor}: what is wrong around a server, and how to mend it. */
@Command(
        name = "doctor",
        header = "Checks what a server needs; says what is wrong and how to mend it.",
        description = {
            "",
            "It takes the settings that serve takes, from the same places, and may run beside a server: it changes nothing.",
            "The exit code is 1 if anything is wrong.",
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

    @Option(names = "--json", order = 1, description = "one finding a line, as JSON")
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
        List<CheckResult> findings = DoctorChecks.of(settings.gather(terminal));
        findings.forEach(f -> terminal.out().println(json ? object(f) : text(f)));
        long wrong = findings.stream().filter(f -> f.level() == Level.WRONG).count();
        if (!json) {
            terminal.out().println();
            terminal.out()
                    .println(
                            wrong == 0
                                    ? terminal.paint(AnsiStyle.GREEN, "Nothing is wrong.")
                                    : terminal.paint(
                                            AnsiStyle.RED,
                                            wrong == 1 ? "One thing is wrong." : wrong + " things are wrong."));
        }
        return wrong == 0 ? Commands.DONE : Commands.FAILED;
    }

    private String text(CheckResult finding) {
        String level = switch (finding.level()) {
            case OK -> terminal.paint(AnsiStyle.GREEN, "ok   ");
            case NOTE -> terminal.paint(AnsiStyle.YELLOW, "note ");
            case WRONG -> terminal.paint(AnsiStyle.RED, "WRONG");
        };
        String remedy = finding.remedy() == null
                ? ""
                : "\n" + " ".repeat(19) + terminal.sign("→", "->") + " " + finding.remedy();
        return level + "  " + String.format(Locale.ROOT, "%-10s", finding.subject()) + "  " + finding.detail() + remedy;
    }

    private static String object(CheckResult finding) {
        ObjectNode object = JsonOutput.MAPPER.createObjectNode();
        object.put("level", finding.level().name().toLowerCase(Locale.ROOT));
        object.put("subject", finding.subject());
        object.put("detail", finding.detail());
        object.put("remedy", finding.remedy());
        return object.toString();
    }
}
