package dev.rung.cli;

import dev.rung.core.port.StoreException;
import dev.rung.settings.DataDir;
import dev.rung.store.spi.StoreProvider;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A backup of an embedded data dir: a ZIP file, readable by its owner only, with the database, the keys and the other files of the data dir. Its last
 * entry shows that it is complete.
 */
final class BackupArchive {
    private static final String COMPLETE = "complete";

    private BackupArchive() {}

    /** Writes a backup of a data dir, which a server may be using. Returns the names of the files in it. */
    static List<String> write(DataDir dir, Path file) throws IOException {
        StoreProvider embedded =
                StoreProvider.forUrl(null).orElseThrow(() -> new CommandFailed("this program has no embedded storage"));
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandFailed("the folder of " + file + " does not exist");
        }
        if (Files.exists(file)) {
            throw new CommandFailed(file + " exists; choose another name");
        }
        Path work = createTemporary(folder);
        try {
            Path copy = work.resolve(database(dir));
            try {
                embedded.copyDatabase(new StoreProvider.Config(dir.path(), null, null, null), copy);
            } catch (StoreException e) {
                throw new CommandFailed(e.getMessage() + " ("
                        + Objects.requireNonNull(e.getCause()).getMessage() + ")");
            }
            Path archive = work.resolve("archive");
            List<String> names = new ArrayList<>();
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(createForOwner(archive)))) {
                add(zip, copy, names);
                for (Path other : others(dir)) {
                    add(zip, other, names);
                }
                zip.putNextEntry(new ZipEntry(COMPLETE));
                zip.closeEntry();
            }
            force(archive);
            Files.move(archive, file, StandardCopyOption.ATOMIC_MOVE);
            return names;
        } finally {
            delete(work);
        }
    }

    /**
     * Writes the files of a backup into an empty directory, which is created if it is missing.
     *
     * @return their names
     */
    static List<String> restore(Path file, DataDir dir) throws IOException {
        if (Files.exists(dir.path()) && !isEmpty(dir.path())) {
            throw new CommandFailed(dir.path() + " is not empty; restore into an empty directory with --data-dir");
        }
        dir.create();
        List<Path> written = new ArrayList<>();
        boolean complete = false;
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                complete = entry.getName().equals(COMPLETE);
                if (!complete) {
                    Path target = dir.path().resolve(plain(entry.getName()));
                    written.add(target);
                    extract(zip, target);
                }
            }
        } catch (EOFException | ZipException e) {
            complete = false;
        }
        if (!complete) {
            for (Path each : written) {
                Files.deleteIfExists(each);
            }
            throw new CommandFailed(file + " is not a complete backup; nothing was restored");
        }
        return written.stream().map(p -> p.getFileName().toString()).toList();
    }

    private static String database(DataDir dir) {
        return String.valueOf(dir.database().getFileName());
    }

    /** What the server keeps beside its database, but for its lock and address. */
    private static List<Path> others(DataDir dir) throws IOException {
        String database = database(dir);
        try (Stream<Path> files = Files.list(dir.path())) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith(database)
                            && !f.getFileName().toString().startsWith(".")
                            && !f.equals(dir.lock())
                            && !f.equals(dir.server()))
                    .sorted()
                    .toList();
        }
    }

    private static void add(ZipOutputStream zip, Path source, List<String> names) throws IOException {
        String name = source.getFileName().toString();
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(source, zip);
        zip.closeEntry();
        names.add(name);
    }

    private static void extract(ZipInputStream zip, Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(createForOwner(target), StandardOpenOption.TRUNCATE_EXISTING)) {
            zip.transferTo(out);
        }
        force(target);
    }

    /** Names with folders in them are not of a backup. */
    private static String plain(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
            throw new CommandFailed("the archive is not a backup of Rung: it has an entry \"" + name + "\"");
        }
        return name;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static Path createTemporary(Path folder) throws IOException {
        return Files.createTempDirectory(folder, ".rung-backup-");
    }

    private static Path createForOwner(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createFile(file);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
