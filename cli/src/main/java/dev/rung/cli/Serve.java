package dev.rung.cli;

import dev.rung.settings.SettingsReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code rung serve}: the server. Its options are the {@link dev.rung.settings.Setting}s. */
@Command(
        name = "serve",
        header = "The server: API, console, dispatcher.",
        description = {
            "",
            "Without any option it keeps everything in ./rung-data and listens on 127.0.0.1:8080; its key is made at the"
                    + " first start and kept in ./rung-data/api-key.",
            "Every option may also be given by an environment variable (--data-dir: RUNG_DATA_DIR) or in the settings"
                    + " file rung.yaml (data-dir: /var/lib/rung); a flag comes before a variable, a variable before the file.",
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
