package dev.rung.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rung backup}: copies an embedded data dir. */
@Command(
        name = "backup",
        header = "Copies an embedded data dir, keys included, into a file; a server may be using it.",
        description = {
            "",
            "The file is readable by its owner only, because it contains the keys. A key that comes from a setting is not in the data dir and not in the file: keep the master key, because no secret can be read without it.",
            "A database server has its own tools: pg_dump or a base backup for PostgreSQL, mysqldump --single-transaction,"
                    + " mariadb-backup or XtraBackup for MySQL and MariaDB.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExample:%n",
        footer = "  ./rung backup --to /backups/rung-20261123.zip")
final class Backup implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            required = true,
            order = 1,
            description = "file to write; it must not exist")
    private Path to = Path.of("");

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    Backup(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path file = terminal.workingDirectory().resolve(to);
        try {
            List<String> names = BackupArchive.write(dataDir.of(terminal), file);
            terminal.out().println(file + "  " + String.join(", ", names));
            if (!names.contains("master-key")) {
                terminal.err()
                        .println(
                                "The master key is not in the data dir, so it is not in the backup. Keep it elsewhere.");
            }
            return Commands.DONE;
        } catch (IOException e) {
            throw new CommandFailed("the backup failed: " + e);
        }
    }
}
