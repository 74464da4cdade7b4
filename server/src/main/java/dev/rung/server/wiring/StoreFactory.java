package dev.rung.server.wiring;

import dev.rung.core.port.AuditLog;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.port.PaymentStore;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings.Storage;
import dev.rung.settings.Settings.Storage.Database;
import dev.rung.store.postgresql.PostgresStores;
import dev.rung.store.sqlite.SqliteStores;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Everything that is kept, wherever that is.
 *
 * @param lanes batches of one kind that it takes at once
 */
record StoreFactory(
        NotificationStore notifications,
        NotificationCatalog catalog,
        MerchantStore merchants,
        MetaStore meta,
        AuditLog audit,
        BankLedger bankLedger,
        PaymentStore payments,
        int lanes,
        Runnable closing)
        implements AutoCloseable {

    /** Of the ten connections for deliveries, what one kind of batch may use. */
    private static final int POSTGRES_LANES = 3;

    static StoreFactory open(Storage storage) {
        Database database = storage.database();
        if (database == null) {
            SqliteStores sqlite = SqliteStores.open(storage.dataDir(), InstantSource.system());
            return new StoreFactory(
                    sqlite.notifications(),
                    sqlite.catalog(),
                    sqlite.merchants(),
                    sqlite.meta(),
                    sqlite.audit(),
                    sqlite.bankLedger(),
                    sqlite.payments(),
                    1,
                    sqlite::close);
        }
        Secret password = database.password();
        PostgresStores postgres = PostgresStores.open(
                database.url(),
                Objects.requireNonNullElse(database.user(), ""),
                password == null ? "" : password.reveal());
        return new StoreFactory(
                postgres.notifications(),
                postgres.catalog(),
                postgres.merchants(),
                postgres.meta(),
                postgres.audit(),
                postgres.bankLedger(),
                postgres.payments(),
                POSTGRES_LANES,
                postgres::close);
    }

    @Override
    public void close() {
        closing.run();
    }
}
