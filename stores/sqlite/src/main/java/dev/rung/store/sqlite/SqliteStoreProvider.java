package dev.rung.store.sqlite;

import dev.rung.core.port.CheckResult;
import dev.rung.core.port.StoreException;
import dev.rung.store.common.SchemaScripts;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.spi.TableSource;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** The embedded store, used without {@code --database-url}. */
public final class SqliteStoreProvider implements StoreProvider {

    @Override
    public List<String> urlPrefixes() {
        return List.of();
    }

    @Override
    public void checkUrl(String url) {
        throw new IllegalArgumentException("is not used: the embedded store keeps everything in the data directory");
    }

    @Override
    public Stores open(Config config) {
        return SqliteStores.open(config.dataDir(), InstantSource.system());
    }

    /** No checks of its own: the data directory is checked for every kind of store. */
    @Override
    public List<CheckResult> check(Config config) {
        return List.of();
    }

    @Override
    public String schema() {
        return SchemaScripts.read(SqliteStoreProvider.class, SqliteStores.SCHEMA, List.of("V1__schema.sql"));
    }

    /** Reads one snapshot: what is still in the write-ahead log is copied, too, and the server goes on writing. */
    @Override
    public void copyDatabase(Config config, Path copy) {
        Path file = existing(config);
        NativeLibrary.loadForCommand(config.dataDir());
        try (Connection connection = DriverManager.getConnection(SqliteSession.url(file));
                PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        } catch (SQLException e) {
            throw new StoreException("the database " + file + " cannot be copied to " + copy, e);
        }
    }

    @Override
    public TableSource tables(Config config) {
        Path file = existing(config);
        return SqliteTables.open(SqliteStores.open(config.dataDir(), InstantSource.system()), file);
    }

    private static Path existing(Config config) {
        Path file = config.dataDir().resolve(SqliteStores.FILE);
        if (!Files.isRegularFile(file)) {
            throw new StoreException("there is no database " + file, new NoSuchFileException(file.toString()));
        }
        return file;
    }
}
