package dev.rung.store.spi;

import dev.rung.core.port.CheckResult;
import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * One kind of store: opens it and checks what it needs. Found by {@link ServiceLoader}, so a jar offers its own by naming it in {@code
 * META-INF/services/dev.rung.store.spi.StoreProvider}. Stateless.
 */
public interface StoreProvider {

    /**
     * The beginnings of the setting {@code --database-url} that it takes, such as {@code jdbc:postgresql://}. Empty: it keeps everything in the
     * data directory, and is the one used without a URL.
     */
    List<String> urlPrefixes();

    /**
     * Checks a URL that begins with one of its prefixes, without connecting.
     *
     * @throws IllegalArgumentException if it cannot be used; the message continues a sentence that begins with the setting's name, and does
     *     not repeat the URL, which may hold a password
     */
    void checkUrl(String url);

    /**
     * Connects, brings the schema up to date, and opens the stores.
     *
     * @throws StoreException if the database cannot be reached or used; the message says why
     */
    Stores open(Config config);

    /** Checks for {@code rung doctor} what this kind of store needs. Changes nothing that remains. */
    List<CheckResult> check(Config config);

    /** Whether it keeps everything in the data directory, for one server. */
    default boolean isEmbedded() {
        return urlPrefixes().isEmpty();
    }

    /** Every provider on the class path. */
    static List<StoreProvider> all() {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The provider that takes this URL; null asks for the embedded one. */
    static Optional<StoreProvider> forUrl(@Nullable String url) {
        return all().stream()
                .filter(p ->
                        url == null ? p.isEmbedded() : p.urlPrefixes().stream().anyMatch(url::startsWith))
                .findFirst();
    }

    /**
     * The settings of a store.
     *
     * @param url null: everything is kept in the data directory
     * @param user null: as the URL or the driver says
     * @param password null: as the URL or the driver says
     */
    record Config(
            Path dataDir,
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {

        /** The URL without its parameters, which may hold a password; empty without a URL. */
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
