package dev.rung.store.sqlite;

import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.history.PaymentHistory.Stores;
import dev.rung.payments.history.PaymentHistoryContract;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Histories of payments on SQLite; with a process its files are cut off as they are. */
class SqlitePaymentHistoryTest implements PaymentHistoryContract {
    @TempDir
    Path directory;

    @Override
    public Stores open() {
        return new InFiles(directory);
    }

    @Override
    public int seeds() {
        return 100;
    }

    @Override
    public int seedsOnTheSameStores() {
        return 25;
    }

    @Override
    public int seedsUntilNoticed() {
        return 100;
    }

    private static final class InFiles implements Stores {
        private final Path parent;
        private Path directory;
        private SqliteStores stores;

        InFiles(Path parent) {
            this.parent = parent;
            this.directory = newDirectory();
            this.stores = SqliteStores.open(directory, InstantSource.system());
        }

        private Path newDirectory() {
            try {
                return Files.createTempDirectory(parent, "rung-data-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public PaymentStore payments() {
            return stores.payments();
        }

        @Override
        public RefundStore refunds() {
            return stores.refunds();
        }

        @Override
        public NotificationStore notifications() {
            return stores.notifications();
        }

        @Override
        public NotificationCatalog catalog() {
            return stores.catalog();
        }

        /** What stands in the files now is all that is left: nothing is written at a last moment. */
        @Override
        public void crash() {
            Path left = newDirectory();
            stores.database().writeAlone(tx -> copy(left));
            stores.close();
            directory = left;
            stores = SqliteStores.open(directory, InstantSource.system());
        }

        /** The shared memory beside them died with its process. */
        private int copy(Path to) {
            try {
                for (String file : List.of("rung.db", "rung.db-wal")) {
                    Files.copy(directory.resolve(file), to.resolve(file));
                }
                return 2;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            stores.close();
        }
    }
}
