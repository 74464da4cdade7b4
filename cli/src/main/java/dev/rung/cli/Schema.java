package dev.rung.cli;

import dev.rung.store.spi.StoreProvider;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rung schema}: prints the DDL of this version. */
@Command(
        name = "schema",
        header = "Prints the tables of this version, as SQL, and for Vitess the VSchema.",
        description = {
            "",
            "A server creates and migrates its tables itself when it starts. Use this to look at them, or to create them in an"
                    + " empty database by hand.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExample:%n",
        footer = "  ./rung schema --database-url jdbc:postgresql://db/rung")
final class Schema implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--database-url",
            paramLabel = "U",
            order = 1,
            description = "kind of database (RUNG_DATABASE_URL); default: the embedded store. No connection is made")
    private @Nullable String databaseUrl;

    Schema(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String url = databaseUrl == null ? terminal.environment().get("RUNG_DATABASE_URL") : databaseUrl;
        StoreProvider store = StoreProvider.forUrl(url)
                .orElseThrow(
                        () -> new WrongUsage("--database-url is not the URL of a database that this version supports"));
        terminal.out().print(store.schema());
        return Commands.DONE;
    }
}
