package dev.rung.store.spi;

import dev.rung.core.port.CheckResult;
import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Opens and checks one kind of store. Found by {@link ServiceLoader}: a jar adds its own by {@code
 * META-INF/services/dev.rung.store.spi.StoreProvider}. Stateless.
 */
public interface StoreProvider {
    /** Key in {@link Stores#meta} of a database into which {@link #copyFrom} has not copied everything: no server may use it. */
    String UNFINISHED_COPY = "unfinished_copy";

    /**
     * The prefixes of {@code --database-url} that it supports, such as {@code jdbc:postgresql://}. Empty: the embedded store, which keeps
     * everything in the data directory and is used without a URL.
     */
    List<String> urlPrefixes();

    /**
     * Validates a URL with one of its prefixes, without connecting.
     *
     * @throws IllegalArgumentException if it is invalid; the message continues the setting's name and does not repeat the URL, which may
     * contain a password
     */
    void checkUrl(String url);

    /**
     * Connects, migrates the schema, and opens the stores.
     *
     * @throws StoreException if the database cannot be reached or used; the message says why
     */
    Stores open(Config config);

    /** Runs the store's checks for {@code rung doctor}. Makes no permanent changes. */
    List<CheckResult> check(Config config);

    /** The statements that create the tables of this version in an empty database. */
    String schema();

    /**
     * Writes a consistent copy of the embedded store's database, while a server may be using it.
     *
     * @param copy does not exist
     * @throws StoreException if there is no database, or it cannot be read, or the copy cannot be written
     * @throws UnsupportedOperationException if the store is not embedded
     */
    default void copyDatabase(Config config, Path copy) {
        throw new UnsupportedOperationException("a database server has its own tools for backups");
    }

    /**
     * Opens the embedded store's database to copy its rows into another store. Holds the lock of the data directory until it is closed.
     *
     * @throws StoreException if there is no database, a server uses it, or it cannot be read
     * @throws UnsupportedOperationException if the store is not embedded
     */
    default TableSource tables(Config config) {
        throw new UnsupportedOperationException("only the embedded store can be copied into another one");
    }

    /**
     * Creates the tables in an empty database and copies every row into them. If it was interrupted, another call with the same source begins
     * again; until one has succeeded, {@link #UNFINISHED_COPY} is set.
     *
     * @return the number of rows by table, as counted in the database afterwards
     * @throws StoreException if the database is not empty or cannot be used
     * @throws UnsupportedOperationException if the store is embedded
     */
    default Map<String, Long> copyFrom(TableSource source, Config config) {
        throw new UnsupportedOperationException("the embedded store cannot be the target of a copy");
    }

    /** Whether it keeps everything in the data directory, for a single server. */
    default boolean isEmbedded() {
        return urlPrefixes().isEmpty();
    }

    /** Every provider on the class path. */
    static List<StoreProvider> all() {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The provider for this URL; null: the embedded one. */
    static Optional<StoreProvider> forUrl(@Nullable String url) {
        return all().stream()
                .filter(p ->
                        url == null ? p.isEmbedded() : p.urlPrefixes().stream().anyMatch(url::startsWith))
                .findFirst();
    }

    /**
     * The settings of a store.
     *
     * @param url null: the embedded store
     * @param user null: from the URL or the driver's default
     * @param password null: from the URL or the driver's default
     */
    record Config(
            Path dataDir,
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {

        /** The URL without its parameters, which may contain a password; empty without a URL. */
        public String shownUrl() {
            String whole = url == null ? "" : url;
            int parameters = whole.indexOf('?');
            return parameters < 0 ? whole : whole.substring(0, parameters);
        }

        /** Without user and password. */
        @Override
        public String toString() {
            return "StoreProvider.Config[" + dataDir + ", " + shownUrl() + "]";
        }
    }
}
