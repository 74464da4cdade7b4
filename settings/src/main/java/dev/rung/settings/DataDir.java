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

/** The files of the data dir, all readable by their owner only. */
public record DataDir(Path path) {

    /** Locked by the embedded server that uses this directory. */
    public Path lock() {
        return path.resolve("rung.lock");
    }

    /** The operator's key, one line. */
    public Path apiKey() {
        return path.resolve("api-key");
    }

    /** The key that encrypts secrets at rest: 32 bytes as base64, one line. */
    public Path masterKey() {
        return path.resolve("master-key");
    }

    /** The embedded database. */
    public Path database() {
        return path.resolve("rung.db");
    }

    /** The address of the server that uses this directory; see {@link RunningServer}. */
    public Path server() {
        return path.resolve("server.json");
    }

    /** Files of the running server that the next start replaces. */
    public Path temporary() {
        return path.resolve("tmp");
    }

    /** Bills while they are compared. */
    public Path bills() {
        return temporary().resolve("bills");
    }

    /** Test merchants of {@code rung send}, with their secrets. */
    public Path testMerchants() {
        return path.resolve("test-merchants.json");
    }

    /** Creates the directory, readable by its owner only, if it is missing. */
    public void create() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, mode(path.toAbsolutePath().getRoot(), "rwx------"));
        }
    }

    /** Writes a file atomically and durably, readable by its owner only. */
    public static void writeForOwner(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file");
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
