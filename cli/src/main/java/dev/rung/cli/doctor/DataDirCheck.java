package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The data dir: whether it can be written, who holds it, how much room is left, and who else could read it. */
final class DataDirCheck implements Check {
    private static final long ROOM_MIN = 256L << 20;
    private static final long ROOM_GOOD = 2L << 30;
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs");
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final DataDir dir;
    private final boolean embedded;

    DataDirCheck(Settings settings) {
        this.dir = new DataDir(settings.storage().dataDir());
        this.embedded = settings.storage().isEmbedded();
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("data dir");
        try {
            if (Files.isDirectory(dir.path())) {
                existing(report);
            } else {
                missing(report);
            }
        } catch (IOException e) {
            report.wrong(dir.path() + " cannot be looked at: " + e, "let this user own it");
        }
        return report.results();
    }

    private void missing(CheckResult.Report report) throws IOException {
        Path parent = dir.path();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
            report.wrong(
                    dir.path() + " is not there and cannot be made by this user",
                    "name another one with --data-dir, or make it: mkdir -p " + dir.path());
            return;
        }
        report.ok(dir.path() + " is made at the first start");
        room(report, parent);
    }

    private void existing(CheckResult.Report report) throws IOException {
        if (!writes()) {
            report.wrong(
                    dir.path() + " cannot be written by this user (" + System.getProperty("user.name") + ")",
                    "let this user own it, and the file system be writable");
            return;
        }
        report.ok(dir.path() + holder());
        room(report, dir.path());
        exposed(report);
    }

    /** Asked by doing it: permissions alone do not tell of a read-only or full file system. */
    private boolean writes() {
        try {
            Path probe = Files.createTempFile(dir.path(), ".doctor", null);
            Files.write(probe, new byte[4096]);
            Files.delete(probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String holder() throws IOException {
        Optional<RunningServer> running = RunningServer.read(dir).filter(RunningServer::isAlive);
        if (running.isPresent()) {
            return ", in use by the server at " + running.get().url() + " (process "
                    + running.get().pid() + ")";
        }
        return isLocked() ? ", in use by a server that is starting" : ", not in use";
    }

    private boolean isLocked() throws IOException {
        if (!embedded || !Files.exists(dir.lock())) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(dir.lock(), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private void room(CheckResult.Report report, Path where) throws IOException {
        FileStore store = Files.getFileStore(where);
        long room = store.getUsableSpace();
        String text = (room >> 20) + " MiB free on " + store.name() + " (" + store.type() + ")";
        if (embedded && NETWORK_FILE_SYSTEMS.contains(store.type())) {
            report.wrong(
                    "it is on a network file system (" + store.type() + "), where locks and syncs cannot be trusted",
                    "name a local folder with --data-dir, or use PostgreSQL: --database-url");
        } else if (embedded && room < ROOM_MIN) {
            report.wrong("only " + text, "make room: without it nothing can be accepted");
        } else if (embedded && room < ROOM_GOOD) {
            report.note(text, "a million notifications need about 2 GiB; see --retention");
        } else {
            report.ok(text);
        }
    }

    private void exposed(CheckResult.Report report) throws IOException {
        if (!Files.getFileStore(dir.path()).supportsFileAttributeView("posix")) {
            return;
        }
        for (Path secret : Stream.of(dir.apiKey(), dir.masterKey(), dir.testMerchants())
                .filter(Files::exists)
                .toList()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(secret);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                report.wrong(secret.getFileName() + " can be read by other users", "chmod 600 " + secret);
            }
        }
    }
}
