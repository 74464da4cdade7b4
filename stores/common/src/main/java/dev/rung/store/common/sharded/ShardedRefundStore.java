package dev.rung.store.common.sharded;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.RefundStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refunds, in the shards of their payments. */
final class ShardedRefundStore implements RefundStore {
    private final Shards shards;

    ShardedRefundStore(Shards shards) {
        this.shards = shards;
    }

    private RefundStore of(long id) {
        return shards.of(id).refunds();
    }

    @Override
    public List<CreateResult> create(List<NewRefund> batch) {
        return shards.split(
                batch,
                refund -> refund.payment().value(),
                (shard, items) -> shard.refunds().create(items));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return shards.split(
                batch,
                change -> change.payment().value(),
                (shard, items) -> shard.refunds().change(items));
    }

    @Override
    public Optional<Refund> find(RefundId id) {
        return of(id.value()).find(id);
    }

    @Override
    public Optional<Refund> find(MerchantId merchant, String outRefundNo) {
        return of(merchant.value()).find(merchant, outRefundNo);
    }

    @Override
    public boolean hasOpen(String channel) {
        return shards.all().stream().anyMatch(shard -> shard.refunds().hasOpen(channel));
    }

    @Override
    public Optional<Refund> findChannelMade(PaymentId payment, String channelNumber) {
        return of(payment.value()).findChannelMade(payment, channelNumber);
    }

    @Override
    public List<Refund> refunded(String channel, Instant from, Instant to, @Nullable RefundId after, int limit) {
        return shards.merge(
                shard -> shard.refunds().refunded(channel, from, to, after, limit),
                Comparator.comparingLong(refund -> refund.id().value()),
                limit);
    }

    @Override
    public PaymentStore.Page<Refund, RefundId> list(PaymentId payment, @Nullable RefundId before, int limit) {
        return of(payment.value()).list(payment, before, limit);
    }
}
