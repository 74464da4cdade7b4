package dev.rung.store.sqlite;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.store.common.SchemaMigrations;
import dev.rung.store.common.SchemaMigrations.MigrationFailed;
import dev.rung.store.common.SqlAlertStore;
import dev.rung.store.common.SqlApprovalStore;
import dev.rung.store.common.SqlReconciliationStore;
import dev.rung.store.spi.Stores;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sqlite.SQLiteDataSource;

/** The embedded stores of one process in its data directory. Thread-safe. */
public final class SqliteStores implements Stores {
    static final String SCHEMA = "db/sqlite";
    static final String FILE = "rung.db";
    /** Rejects a schema that a newer version has migrated. */
    private static final Map<String, String> OPTIONS = Map.of("flyway.ignoreMigrationPatterns", "");

    private final DirectoryLock lock;
    private final SqliteDatabase database;
    private final InstantSource clock;
    private final NotificationStore notifications;

    private SqliteStores(DirectoryLock lock, SqliteDatabase database, InstantSource clock) {
        this.lock = lock;
        this.database = database;
        this.clock = clock;
        this.notifications = new SqliteNotificationStore(database, clock);
    }

    /**
     * Takes the directory's lock, creates or migrates the database in it, and opens it.
     *
     * @param clock the source of {@link NotificationStore#now}
     * @throws StoreException if that fails; the message names the directory and the remedy
     */
    public static SqliteStores open(Path directory, InstantSource clock) {
        return open(directory, clock, SqliteDatabase.LOG_BYTES_MAX);
    }

    static SqliteStores open(Path directory, InstantSource clock, long logBytesMax) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            DirectoryLock lock = DirectoryLock.take(absolute);
            try {
                restrict(absolute.resolve(FILE));
                NativeLibrary.load(absolute);
                return new SqliteStores(lock, open(absolute, absolute.resolve(FILE), logBytesMax), clock);
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException("the data directory " + absolute + " cannot be used: " + e, e);
        } catch (SQLException e) {
            throw SqliteErrors.of(absolute, e);
        }
    }

    /** Lets only this user read the database, also in a directory that others can read. SQLite gives its other files the same permissions. */
    private static void restrict(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path each = file.resolveSibling(file.getFileName() + suffix);
            if (Files.exists(each)) {
                try {
                    Files.setPosixFilePermissions(each, ownerOnly);
                } catch (FileSystemException e) {
                    // another user owns it; doctor reports who can read it
                }
            }
        }
    }

    private static SqliteDatabase open(Path directory, Path file, long logBytesMax) throws SQLException {
        // The journal mode is a property of the file and must be set before it has tables.
        SqliteSession.writing(file).close();
        migrate(file);
        return new SqliteDatabase(directory, file, logBytesMax);
    }

    private static void migrate(Path file) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(SqliteSession.url(file));
        try {
            new SchemaMigrations(source, SCHEMA, OPTIONS).run();
        } catch (MigrationFailed e) {
            throw new StoreException("the database " + file + " could not be migrated: " + e.getMessage(), e);
        }
    }

    @Override
    public NotificationStore notifications() {
        return notifications;
    }

    @Override
    public NotificationCatalog catalog() {
        return new SqliteNotificationCatalog(database);
    }

    @Override
    public MerchantStore merchants() {
        return new SqliteMerchantStore(database);
    }

    @Override
    public KeyStore keys() {
        return new SqliteKeyStore(database);
    }

    @Override
    public PaymentStore payments() {
        return new SqlitePaymentStore(database, clock);
    }

    @Override
    public ReconciliationStore reconciliations() {
        return new SqlReconciliationStore(database, database);
    }

    @Override
    public ApprovalStore approvals() {
        return new SqlApprovalStore(database);
    }

    @Override
    public RefundStore refunds() {
        return new SqliteRefundStore(database);
    }

    @Override
    public ClusterStore cluster() {
        return new SqliteClusterStore(database);
    }

    @Override
    public MetaStore meta() {
        return new SqliteMetaStore(database);
    }

    @Override
    public AlertStore alerts() {
        return new SqlAlertStore(database, SqlAlertStore.ADD);
    }

    @Override
    public AuditLog audit() {
        return new SqliteAuditLog(database);
    }

    @Override
    public BankLedger bankLedger() {
        return new SqliteBankLedger(database);
    }

    @Override
    public int lanes() {
        return 1;
    }

    SqliteDatabase database() {
        return database;
    }

    /** Commits pending changes and releases the directory. */
    @Override
    public void close() {
        try (lock) {
            database.close();
        } catch (IOException e) {
            throw new StoreException("the lock of " + database.directory() + " could not be released", e);
        }
    }
}
