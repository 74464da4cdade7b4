package dev.rung.cli;

import dev.rung.core.port.StoreException;
import dev.rung.settings.DataDir;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Setting;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.TableSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rung migrate}: copies an embedded data dir into a database. */
@Command(
        name = "migrate",
        header = "Copies an embedded data dir, keys and secrets included, into an empty database.",
        description = {
            "",
            "The server of the data dir must be stopped. Secrets are copied as they are: the new server needs the same master key. Deliveries continue where they stopped. The data dir is only read.",
            "User and password of the database: RUNG_DATABASE_USER, RUNG_DATABASE_PASSWORD, as for serve.",
            "If it is interrupted, run it again. Until it has finished, no server starts on the database.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExample:%n",
        footer = "  ./rung migrate --to jdbc:postgresql://db/rung --data-dir ./rung-data")
final class Migrate implements Callable<Integer> {
    /** What the user recognizes; the other tables are their details. */
    private static final List<String> SHOWN =
            List.of("merchant", "endpoint", "notification", "attempt", "payment", "refund", "api_key", "audit");

    private final Terminal terminal;

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            order = 1,
            description = "jdbc:postgresql://…, jdbc:mysql://… or jdbc:mariadb://…")
    private String to = "";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 100,
            description = "data dir to copy (RUNG_DATA_DIR; default ./rung-data)")
    private @Nullable String dataDir;

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            order = 101,
            description = "file with the password of the database user (RUNG_DATABASE_PASSWORD_FILE)")
    private @Nullable String passwordFile;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            order = 102,
            description = "settings file (RUNG_CONFIG; default ./rung.yaml)")
    private @Nullable Path config;

    Migrate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        StoreProvider target = StoreProvider.forUrl(to)
                .orElseThrow(() -> new WrongUsage("--to is not the URL of a database that this version supports"));
        try {
            target.checkUrl(to);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--to " + e.getMessage());
        }
        RawSettings raw = raw();
        DataDir dir = new DataDir(terminal.workingDirectory()
                .resolve(raw.text(Setting.DATA_DIR)
                        .or(Setting.DATA_DIR::defaultText)
                        .orElseThrow())
                .normalize());
        StoreProvider.Config database = new StoreProvider.Config(
                dir.path(), to, raw.text(Setting.DATABASE_USER).orElse(null), password(raw));
        try (TableSource source = StoreProvider.forUrl(null)
                .orElseThrow()
                .tables(new StoreProvider.Config(dir.path(), null, null, null))) {
            Map<String, Long> rows = target.copyFrom(source, database);
            PrintWriter out = terminal.out();
            SHOWN.forEach(table -> out.printf("%-14s%,12d%n", table, rows.get(table)));
            out.println("Everything is copied to " + database.shownUrl() + ".");
            out.println("Start the new server with");
            needed(database, dir, raw).forEach(line -> out.println("  " + line));
            out.println("Start no server on " + dir.path() + " any more: it would repeat deliveries.");
            return Commands.DONE;
        } catch (StoreException e) {
            throw new CommandFailed("nothing was migrated: " + e.getMessage());
        }
    }

    /** The settings of the new server that differ from the old one's. */
    private static List<String> needed(StoreProvider.Config database, DataDir dir, RawSettings raw) {
        return List.of(
                Setting.DATABASE_URL.flag() + " " + database.shownUrl(),
                key(raw, Setting.MASTER_KEY, Setting.MASTER_KEY_FILE, dir.masterKey()),
                key(raw, Setting.API_KEY, Setting.API_KEY_FILE, dir.apiKey()),
                Setting.DATABASE_USER.variable() + " and " + Setting.DATABASE_PASSWORD.variable()
                        + " as for this command, and every other setting as before");
    }

    private static String key(RawSettings raw, Setting direct, Setting file, Path inDataDir) {
        if (raw.text(file).isPresent()) {
            return file.flag() + " " + raw.text(file).orElseThrow();
        }
        return raw.text(direct).isPresent() || !Files.exists(inDataDir)
                ? direct.variable() + ", as for the old server"
                : file.flag() + " " + inDataDir.toAbsolutePath();
    }

    private RawSettings raw() {
        Map<Setting, String> flags = new HashMap<>();
        if (dataDir != null) {
            flags.put(Setting.DATA_DIR, dataDir);
        }
        if (passwordFile != null) {
            flags.put(Setting.DATABASE_PASSWORD_FILE, passwordFile);
        }
        // Problems of the other settings do not matter here.
        return RawSettings.gather(flags, terminal.environment(), terminal.workingDirectory(), config);
    }

    private @Nullable String password(RawSettings raw) {
        String file = raw.text(Setting.DATABASE_PASSWORD_FILE).orElse(null);
        if (file == null) {
            return raw.text(Setting.DATABASE_PASSWORD).orElse(null);
        }
        try {
            return Files.readString(terminal.workingDirectory().resolve(file)).strip();
        } catch (IOException e) {
            throw new CommandFailed("the password file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
