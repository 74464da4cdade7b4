package dev.rung.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The data dir: which file in it is what. All of them are for their owner alone. */
public record DataDir(Path path) {

    /** Held by the one embedded server that may use this directory. */
    public Path lock() {
        return path.resolve("rung.lock");
    }

    /** The operator's key, one line. */
    public Path apiKey() {
        return path.resolve("api-key");
    }

    /** The key that seals secrets at rest: 32 bytes as base64, one line. */
    public Path masterKey() {
        return path.resolve("master-key");
    }

    /** The embedded database. */
    public Path database() {
        return path.resolve("rung.db");
    }

    /** Where the server that uses this directory listens; see {@link RunningServer}. */
    public Path server() {
        return path.resolve("server.json");
    }

    /** Merchants that {@code rung send} made for {@code rung listen}, with their secrets. */
    public Path testMerchants() {
        return path.resolve("test-merchants.json");
    }

    /** Makes the directory, readable by its owner only, if there is none. */
    public void create() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, mode(path.toAbsolutePath().getRoot(), "rwx------"));
        }
    }

    /** Writes a file that only its owner can read, durably, whole or not at all. */
    public static void writeForOwner(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Path whole = Files.createTempFile(folder, "." + file.getFileName(), null, mode(folder, "rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
                var bytes = java.nio.ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static FileAttribute<?>[] mode(Path where, String permissions) throws IOException {
        Set<String> views = where.getFileSystem().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
