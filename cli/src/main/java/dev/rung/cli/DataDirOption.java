package dev.rung.cli;

import dev.rung.settings.DataDir;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the data dir, for commands that need no server. */
final class DataDirOption {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 100,
            description = "data dir (RUNG_DATA_DIR; default ./rung-data)")
    private @Nullable String dataDir;

    DataDir of(Terminal terminal) {
        String named = Objects.requireNonNullElse(
                dataDir, terminal.environment().getOrDefault("RUNG_DATA_DIR", "./rung-data"));
        return new DataDir(terminal.workingDirectory().resolve(named).normalize());
    }
}
