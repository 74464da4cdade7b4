package dev.rung.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rung restore}: writes a backup into an empty data dir. */
@Command(
        name = "restore",
        header = "Writes a backup into an empty data dir.",
        description = {
            "",
            "Deliveries continue from the time of the backup: notifications acknowledged after it are sent again, with the same webhook-id.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExample:%n",
        footer = "  ./rung restore --from /backups/rung-20261123.zip --data-dir ./rung-data")
final class Restore implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--from", paramLabel = "FILE", required = true, order = 1, description = "backup to read")
    private Path from = Path.of("");

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    Restore(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path file = terminal.workingDirectory().resolve(from);
        try {
            List<String> names = BackupArchive.restore(file, dataDir.of(terminal));
            terminal.out().println(dataDir.of(terminal).path() + "  " + String.join(", ", names));
            return Commands.DONE;
        } catch (NoSuchFileException e) {
            throw new CommandFailed("there is no file " + e.getFile());
        } catch (IOException e) {
            throw new CommandFailed("the restore failed: " + e);
        }
    }
}
