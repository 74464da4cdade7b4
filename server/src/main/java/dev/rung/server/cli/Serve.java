package dev.rung.server.cli;

import dev.rung.server.settings.RawSettings;
import dev.rung.server.settings.Setting;
import dev.rung.server.settings.Settings;
import dev.rung.server.settings.SettingsReader;
import dev.rung.server.wiring.ServerMain;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code rung serve}: the server. Its options are the {@link Setting}s. */
@Command(
        name = "serve",
        header = "The server: API, console, dispatcher.",
        description = {
            "",
            "Without any option it keeps everything in ./rung-data and listens on 127.0.0.1:8080; its key is made at the"
                    + " first start and kept in ./rung-data/api-key.",
            "Every option may also be given by an environment variable (--data-dir: RUNG_DATA_DIR) or in rung.yaml"
                    + " (data-dir: /var/lib/rung); a flag comes before a variable, a variable before the file.",
            "SIGTERM or Ctrl-C ends it: what is under way is finished, which takes at most 10 s.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung serve --allow-targets 127.0.0.0/8",
            "  ./rung serve --port 0 --data-dir /tmp/rung",
            "  ./rung serve --config /etc/rung/rung.yaml",
            "",
            "With PostgreSQL and RabbitMQ, on as many machines as you like:",
            "  export RUNG_API_KEY=… RUNG_MASTER_KEY=…",
            "  export RUNG_DATABASE_USER=rung RUNG_DATABASE_PASSWORD=…",
            "  ./rung serve --database-url jdbc:postgresql://db/rung --rabbitmq-uri amqp://mq/"
        })
final class Serve implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "read this instead of rung.yaml in the working directory (RUNG_CONFIG)")
    private @Nullable Path config;

    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

    private final Terminal terminal;

    private Serve(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandSpec spec(Terminal terminal) {
        Serve serve = new Serve(terminal);
        CommandSpec spec = CommandSpec.forAnnotatedObject(serve);
        for (Setting setting : Setting.values()) {
            if (setting.hasFlag()) {
                spec.addOption(serve.option(setting));
            }
        }
        return spec;
    }

    private OptionSpec option(Setting setting) {
        String standard = setting.defaultText()
                .filter(d -> !d.isEmpty() && !setting.isSwitch())
                .map(d -> " (" + d + ")")
                .orElse("");
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .type(String.class)
                .paramLabel(setting.placeholder())
                // Meanings are ours and hold no format specifiers, but a '%' would be read as one.
                .description((setting.meaning() + standard).replace("%", "%%"))
                .setter(new picocli.CommandLine.Model.ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value != null) {
                            flags.put(setting, value.toString());
                        }
                        return value;
                    }
                });
        return setting.isSwitch()
                ? option.arity("0..1").fallbackValue("true").build()
                : option.arity("1").build();
    }

    @Override
    public Integer call() {
        Settings settings = SettingsReader.read(
                RawSettings.gather(flags, terminal.environment(), terminal.workingDirectory(), config));
        return ServerMain.run(settings);
    }
}
