package dev.rung.store.common.sharded;

import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.model.WaitingApproval;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.ReconciliationStore;
import dev.rung.payments.port.RefundStore;
import dev.rung.store.spi.Stores;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several databases as one store. What belongs to a merchant is in the database of its bucket; keys, ladders, servers, the audit log, reconciliations, and
 * callbacks and discrepancies of no known payment are in one of their own.
 */
public final class ShardedStores implements Stores {
    private final Shards shards;
    private final NotificationStore notifications;
    private final NotificationCatalog catalog;
    private final MerchantStore merchants;
    private final ClusterStore cluster;
    private final AlertStore alerts;
    private final PaymentStore payments;
    private final RefundStore refunds;

    /**
     * Takes over the stores: {@link #close} closes them.
     *
     * @param shards by their names in Vitess, which are ranges of keyspace ids
     * @param global what belongs to no merchant
     * @throws IllegalArgumentException if a merchant would be in no shard or in several; the message is for users
     */
    public ShardedStores(Map<String, ? extends Stores> shards, Stores global) {
        this.shards = new Shards(shards, global);
        this.notifications = new ShardedNotificationStore(this.shards);
        this.catalog = new ShardedNotificationCatalog(this.shards);
        this.merchants = new ShardedMerchantStore(this.shards);
        this.cluster = new ShardedClusterStore(this.shards);
        this.alerts = new ShardedAlertStore(this.shards);
        this.payments = new ShardedPaymentStore(this.shards);
        this.refunds = new ShardedRefundStore(this.shards);
    }

    @Override
    public NotificationStore notifications() {
        return notifications;
    }

    @Override
    public NotificationCatalog catalog() {
        return catalog;
    }

    @Override
    public MerchantStore merchants() {
        return merchants;
    }

    @Override
    public KeyStore keys() {
        return shards.global().keys();
    }

    @Override
    public MetaStore meta() {
        return shards.global().meta();
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public AlertStore alerts() {
        return alerts;
    }

    @Override
    public AuditLog audit() {
        return shards.global().audit();
    }

    @Override
    public PaymentStore payments() {
        return payments;
    }

    @Override
    public RefundStore refunds() {
        return refunds;
    }

    @Override
    public ApprovalStore approvals() {
        return this::waiting;
    }

    private PaymentStore.Page<WaitingApproval, Long> waiting(@Nullable Long before, int limit) {
        List<PaymentStore.Page<WaitingApproval, Long>> pages = shards.everywhere()
                .map(each -> each.approvals().waiting(before, limit))
                .toList();
        return MergedPage.of(pages, limit, WaitingApproval::id, Function.identity(), WaitingApproval::id);
    }

    @Override
    public ReconciliationStore reconciliations() {
        return shards.global().reconciliations();
    }

    @Override
    public BankLedger bankLedger() {
        return shards.global().bankLedger();
    }

    @Override
    public int lanes() {
        return shards.global().lanes();
    }

    @Override
    public long repeatedTransactions() {
        return shards.everywhere().mapToLong(Stores::repeatedTransactions).sum();
    }

    @Override
    public void measurePools(Object registry) {
        shards.everywhere().forEach(each -> each.measurePools(registry));
    }

    @Override
    public void close() {
        shards.everywhere().forEach(Stores::close);
    }
}
