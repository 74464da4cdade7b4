package dev.rung.store.postgresql;

import com.zaxxer.hikari.HikariDataSource;
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
import dev.rung.store.common.SqlAlertStore;
import dev.rung.store.common.SqlApprovalStore;
import dev.rung.store.common.SqlReconciliationStore;
import dev.rung.store.spi.Stores;

/**
 * All stores of one PostgreSQL database. Any number of servers may open it concurrently; the first migrates the schema, the others wait.
 *
 * <p>Two pools: one for deliveries, one for searches, so that a slow search never blocks a settlement.
 */
public final class PostgresStores implements Stores {
    /** The share of the delivery connections that one kind of batch may use. */
    private static final int LANES = 3;

    private final HikariDataSource deliveryPool;
    private final HikariDataSource catalogPool;
    private final PostgresNotificationStore notifications;
    private final PostgresMerchantStore merchants;
    private final PostgresKeyStore keys;
    private final PostgresNotificationCatalog catalog;
    private final PostgresPaymentStore payments;
    private final ApprovalStore approvals;
    private final ReconciliationStore reconciliations;
    private final PostgresRefundStore refunds;
    private final PostgresMetaStore meta;
    private final PostgresClusterStore cluster;
    private final AlertStore alerts;
    private final PostgresAuditLog audit;
    private final PostgresBankLedger bankLedger;

    private PostgresStores(HikariDataSource deliveryPool, HikariDataSource catalogPool) {
        this.deliveryPool = deliveryPool;
        this.catalogPool = catalogPool;
        PostgresDatabase database = new PostgresDatabase(deliveryPool);
        this.notifications = new PostgresNotificationStore(database);
        this.merchants = new PostgresMerchantStore(database);
        this.keys = new PostgresKeyStore(database);
        PostgresDatabase browsing = new PostgresDatabase(catalogPool);
        this.catalog = new PostgresNotificationCatalog(browsing);
        this.payments = new PostgresPaymentStore(database, browsing);
        this.approvals = new SqlApprovalStore(browsing);
        this.reconciliations = new SqlReconciliationStore(database, browsing);
        this.refunds = new PostgresRefundStore(database, browsing);
        this.meta = new PostgresMetaStore(database);
        this.cluster = new PostgresClusterStore(database);
        this.alerts = new SqlAlertStore(database, SqlAlertStore.ADD);
        this.audit = new PostgresAuditLog(database, browsing);
        this.bankLedger = new PostgresBankLedger(new PostgresDatabase(catalogPool));
    }

    /**
     * Maximum number of connections of one server.
     *
     * @param delivery for deliveries; each batch uses one
     * @param catalog for searches
     */
    public record Connections(int delivery, int catalog) {
        public static final Connections DEFAULT = new Connections(10, 4);
    }

    /**
     * Connects, migrates the schema, and returns the stores.
     *
     * @param url {@code jdbc:postgresql://…}, with one or several hosts; its parameters take precedence over those set here
     * @throws StoreException if the database cannot be reached or used; the message says why
     */
    public static PostgresStores open(String url, String user, String password, Connections connections) {
        ConnectionPools pools = new ConnectionPools(url, user, password);
        try (HikariDataSource migrating = pools.forMigrations()) {
            Migrations.run(migrating);
        }
        return new PostgresStores(
                pools.forStatements("rung-delivery", connections.delivery()),
                pools.forStatements("rung-catalog", connections.catalog()));
    }

    public static PostgresStores open(String url, String user, String password) {
        return open(url, user, password, Connections.DEFAULT);
    }

    @Override
    public NotificationStore notifications() {
        return notifications;
    }

    @Override
    public MerchantStore merchants() {
        return merchants;
    }

    @Override
    public KeyStore keys() {
        return keys;
    }

    @Override
    public NotificationCatalog catalog() {
        return catalog;
    }

    @Override
    public PaymentStore payments() {
        return payments;
    }

    @Override
    public ReconciliationStore reconciliations() {
        return reconciliations;
    }

    @Override
    public ApprovalStore approvals() {
        return approvals;
    }

    @Override
    public RefundStore refunds() {
        return refunds;
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public MetaStore meta() {
        return meta;
    }

    @Override
    public AlertStore alerts() {
        return alerts;
    }

    @Override
    public AuditLog audit() {
        return audit;
    }

    @Override
    public BankLedger bankLedger() {
        return bankLedger;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void measurePools(Object registry) {
        deliveryPool.setMetricRegistry(registry);
        catalogPool.setMetricRegistry(registry);
    }

    @Override
    public void close() {
        catalogPool.close();
        deliveryPool.close();
    }
}
