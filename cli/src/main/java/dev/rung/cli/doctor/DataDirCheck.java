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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the data dir: write access, current user and free space. */
final class DataDirCheck implements Check {
    private static final long SPACE_MIN = 256L << 20;
    private static final long SPACE_GOOD = 2L << 30;
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs");
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
            report.wrong(dir.path() + " cannot be read: " + e, "make this user its owner");
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
                    dir.path() + " does not exist and cannot be created by this user",
                    "choose another with --data-dir, or create it: mkdir -p " + dir.path());
            return;
        }
        report.ok(dir.path() + " is created at the first start");
        space(report, parent);
    }

    private void existing(CheckResult.Report report) throws IOException {
        if (!writes()) {
            report.wrong(
                    dir.path() + " cannot be written by this user (" + System.getProperty("user.name") + ")",
                    "make this user its owner, on a writable file system");
            return;
        }
        report.ok(dir.path() + holder());
        space(report, dir.path());
    }

    /** Tested by writing, because permissions do not show a read-only or full file system. */
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

    private void space(CheckResult.Report report, Path where) throws IOException {
        FileStore store = Files.getFileStore(where);
        long room = store.getUsableSpace();
        String text = (room >> 20) + " MiB free on " + store.name() + " (" + store.type() + ")";
        if (embedded && NETWORK_FILE_SYSTEMS.contains(store.type())) {
            report.wrong(
                    "it is on a network file system (" + store.type() + "), whose locks and syncs are not reliable",
                    "choose a local directory with --data-dir, or use PostgreSQL: --database-url");
        } else if (embedded && room < SPACE_MIN) {
            report.wrong("only " + text, "free disk space; when it runs out, nothing is accepted");
        } else if (embedded && room < SPACE_GOOD) {
            report.note(text, "a million notifications need about 2 GiB; see --retention");
        } else {
            report.ok(text);
        }
    }
}
