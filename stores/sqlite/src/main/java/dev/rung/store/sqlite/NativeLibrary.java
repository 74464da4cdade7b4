package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library, which the driver unpacks before. A server prefers its data directory: the temporary one may not be writable, may forbid
 * execution, and would keep one copy for each process that was killed. The data directory may forbid execution, too.
 */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    /** The driver's setting. A value of the operator's is kept. */
    static final String PLACE = "org.sqlite.tmpdir";

    private static boolean isLoaded;

    private NativeLibrary() {}

    /** What unpacks the library into {@link #PLACE} and loads it. */
    interface Loader {
        void load() throws Exception;
    }

    /**
     * For a server. Removes what killed processes left behind. The caller holds the directory's lock.
     *
     * @throws StoreException if it can be loaded from no folder
     */
    static void load(Path directory) throws IOException {
        Path own = Files.createDirectories(directory.resolve("tmp"));
        if (System.getProperty(PLACE) == null) {
            try (DirectoryStream<Path> old = Files.newDirectoryStream(own, "sqlite-*")) {
                for (Path file : old) {
                    Files.deleteIfExists(file);
                }
            }
        }
        loadOnce(List.of(own, temporary()));
    }

    /** For a command that reads the database while its server may run. */
    static void loadForCommand(Path directory) {
        loadOnce(List.of(temporary(), directory));
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static synchronized void loadOnce(List<Path> folders) {
        if (!isLoaded) {
            String set = System.getProperty(PLACE);
            load(set == null ? folders : List.of(Path.of(set)), SQLiteJDBCLoader::initialize);
            isLoaded = true;
        }
    }

    /** Loads it from the first folder that permits it. */
    static void load(List<Path> folders, Loader loader) {
        @Nullable String set = System.getProperty(PLACE);
        List<Exception> failures = new ArrayList<>();
        for (Path folder : folders) {
            try {
                System.setProperty(PLACE, folder.toString());
                loader.load();
                if (!failures.isEmpty()) {
                    LOG.warn(
                            "SQLite's library was loaded from {}, as {} does not permit it",
                            folder,
                            folders.getFirst());
                }
                return;
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (set == null) {
            System.clearProperty(PLACE);
        }
        StoreException failure = new StoreException(
                "SQLite's native library cannot be loaded from "
                        + folders.stream().map(Path::toString).collect(Collectors.joining(" or "))
                        + ": the folder must be writable and not be mounted noexec. Name another one with"
                        + " JDK_JAVA_OPTIONS=-D" + PLACE + "=FOLDER",
                failures.getFirst());
        failures.stream().skip(1).forEach(failure::addSuppressed);
        throw failure;
    }
}
