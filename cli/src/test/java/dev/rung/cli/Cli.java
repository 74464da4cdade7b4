package dev.rung.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands as a person would type them, and keeps what they print. */
final class Cli {
    /** For commands that start no server. */
    static final ServerLauncher NO_SERVER = (settings, companion) -> {
        throw new AssertionError("this command must not start a server");
    };

    final Map<String, String> environment = new HashMap<>();
    final Path folder;
    String input = "";
    boolean interactive;
    boolean colour;

    Cli(Path folder) {
        this.folder = folder;
    }

    /** What one run printed, and how it ended. */
    record Run(int code, String out, String err) {}

    Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Commands.run(terminal(out, err), NO_SERVER, args);
        return new Run(code, out.toString(), err.toString());
    }

    Terminal terminal(StringWriter out, StringWriter err) {
        return new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.copyOf(environment),
                folder,
                StandardCharsets.UTF_8,
                interactive,
                colour);
    }
}
