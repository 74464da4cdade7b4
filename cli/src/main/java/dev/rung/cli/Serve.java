package dev.rung.cli;

import dev.rung.settings.SettingsReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code rung serve}: runs the server. Its options are the {@link dev.rung.settings.Setting}s. */
@Command(
        name = "serve",
        header = "Runs the server: API, console, dispatcher.",
        description = {
            "",
            "Without options, stores its data in ./rung-data and listens on 127.0.0.1:8080. The first start creates the operator"
                    + " key and stores it in ./rung-data/api-key.",
            "Each option can also be set by an environment variable (--data-dir: RUNG_DATA_DIR) or in the settings file"
                    + " rung.yaml (data-dir: /var/lib/rung). Flags override variables, and variables override the file.",
            "SIGTERM or Ctrl-C stops it: attempts in flight are finished, which takes at most 10 s.",
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
            "With PostgreSQL (or MySQL, MariaDB) and RabbitMQ, on any number of machines:",
            "  export RUNG_API_KEY=… RUNG_MASTER_KEY=…",
            "  export RUNG_DATABASE_USER=rung RUNG_DATABASE_PASSWORD=…",
            "  ./rung serve --database-url jdbc:postgresql://db/rung --rabbitmq-uri amqp://mq/"
        })
final class Serve implements Callable<Integer> {
    private final Terminal terminal;
    private final ServerLauncher server;
    private final SettingsOptions settings = new SettingsOptions();

    private Serve(Terminal terminal, ServerLauncher server) {
        this.server = server;
        this.terminal = terminal;
    }

    static CommandSpec spec(Terminal terminal, ServerLauncher server) {
        Serve serve = new Serve(terminal, server);
        CommandSpec spec = CommandSpec.forAnnotatedObject(serve);
        serve.settings.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() {
        return server.run(SettingsReader.read(settings.gather(terminal)), ServerLauncher.NO_COMPANION);
    }
}
