package dev.rung.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the driver unpacks SQLite's native library: in the data directory instead of the temporary one, which may not be writable, may forbid
 * execution, and would keep one copy for each process that was killed.
 */
final class NativeLibrary {
    private static final String PLACE = "org.sqlite.tmpdir";

    private NativeLibrary() {}

    /** Removes what killed processes left behind. The caller holds the directory's lock. A place set by the operator is kept. */
    static void placeIn(Path directory) throws IOException {
        if (System.getProperty(PLACE) != null) {
            return;
        }
        Path folder = Files.createDirectories(directory.resolve("tmp"));
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "sqlite-*")) {
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        }
        System.setProperty(PLACE, folder.toString());
    }
}
