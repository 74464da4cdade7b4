package dev.rung.store.mysql;

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
 * All stores of one MySQL or MariaDB database. Any number of servers may open it concurrently; the first migrates the schema, the others wait.
 *
 * <p>Two pools: one for deliveries, one for searches, so that a slow search never blocks a settlement.
 */
public final class MySqlStores implements Stores {
    /** The share of the delivery connections that one kind of batch may use. */
    private static final int LANES = 3;

    private final HikariDataSource deliveryPool;
    private final HikariDataSource catalogPool;
    final MySqlDatabase database;
    private final MySqlDatabase browsing;
    private final MySqlNotificationStore notifications;
    private final MySqlMerchantStore merchants;
    private final MySqlKeyStore keys;
    private final MySqlNotificationCatalog catalog;
    private final MySqlPaymentStore payments;
    private final ReconciliationStore reconciliations;
    private final MySqlRefundStore refunds;
    private final MySqlMetaStore meta;
    private final MySqlClusterStore cluster;
    private final AlertStore alerts;
    private final MySqlAuditLog audit;
    private final MySqlBankLedger bankLedger;

    private MySqlStores(HikariDataSource deliveryPool, HikariDataSource catalogPool, MySqlDialect dialect) {
        this.deliveryPool = deliveryPool;
        this.catalogPool = catalogPool;
        this.database = new MySqlDatabase(deliveryPool, dialect);
        this.notifications = new MySqlNotificationStore(database);
        this.merchants = new MySqlMerchantStore(database);
        this.keys = new MySqlKeyStore(database);
        this.browsing = new MySqlDatabase(catalogPool, dialect);
        this.catalog = new MySqlNotificationCatalog(browsing);
        this.payments = new MySqlPaymentStore(database, browsing);
        this.reconciliations = new SqlReconciliationStore(database, browsing);
        this.refunds = new MySqlRefundStore(database, browsing);
        this.meta = new MySqlMetaStore(database);
        this.cluster = new MySqlClusterStore(database);
        this.alerts = new SqlAlertStore(database, SqlAlertStore.ADD_IN_MYSQL);
        this.audit = new MySqlAuditLog(database, browsing);
        this.bankLedger = new MySqlBankLedger(browsing);
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
     * @param url {@code jdbc:mysql://…} or {@code jdbc:mariadb://…}, with one or several hosts; its parameters take precedence over those set here
     * @throws StoreException if the database cannot be reached or used; the message says why
     */
    public static MySqlStores open(String url, String user, String password, Connections connections) {
        ConnectionPools pools = new ConnectionPools(url, user, password);
        try (HikariDataSource migrating = pools.forMigrations()) {
            Migrations.version(migrating);
            Migrations.run(migrating);
        }
        return open(pools, connections);
    }

    /** The stores in a database whose schema is migrated. */
    static MySqlStores open(ConnectionPools pools, Connections connections) {
        return new MySqlStores(
                pools.forStatements("rung-delivery", connections.delivery()),
                pools.forStatements("rung-catalog", connections.catalog()),
                pools.dialect());
    }

    public static MySqlStores open(String url, String user, String password) {
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
        return new SqlApprovalStore(browsing);
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
    public long repeatedTransactions() {
        return database.repeatedTransactions() + browsing.repeatedTransactions();
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
