package dev.rung.store.common.sharded;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.payments.port.PaymentStore;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Searches for notifications: in the shard of a merchant or an id, or in all shards. */
final class ShardedNotificationCatalog implements NotificationCatalog {
    private final Shards shards;

    ShardedNotificationCatalog(Shards shards) {
        this.shards = shards;
    }

    private NotificationCatalog of(NotificationId id) {
        return shards.of(id.value()).catalog();
    }

    private NotificationCatalog of(MerchantId merchant) {
        return shards.of(merchant).catalog();
    }

    @Override
    public Optional<NotificationDetail> find(NotificationId id) {
        return of(id).find(id);
    }

    @Override
    public List<Attempt> attempts(NotificationId id) {
        return of(id).attempts(id);
    }

    @Override
    public Optional<Whole> whole(NotificationId id) {
        return of(id).whole(id);
    }

    @Override
    public List<Also> also(MerchantId merchant, NotificationId first) {
        return of(merchant).also(merchant, first);
    }

    @Override
    public Optional<NotificationId> findAccepted(MerchantId merchant, Idempotency idempotency) {
        return of(merchant).findAccepted(merchant, idempotency);
    }

    @Override
    public Page search(Filter filter, @Nullable NotificationId before, int limit) {
        MerchantId merchant = filter.merchant();
        if (merchant != null) {
            return of(merchant).search(filter, before, limit);
        }
        List<PaymentStore.Page<NotificationDetail, NotificationId>> pages = shards.all().stream()
                .map(shard -> shard.catalog().search(filter, before, limit))
                .map(page -> new PaymentStore.Page<>(page.data(), page.next()))
                .toList();
        PaymentStore.Page<NotificationDetail, NotificationId> merged =
                MergedPage.of(pages, limit, NotificationDetail::id, Function.identity(), NotificationDetail::id);
        return new Page(merged.items(), merged.next());
    }

    @Override
    public List<Event> events(MerchantId merchant, @Nullable String after, int limit) {
        return of(merchant).events(merchant, after, limit);
    }

    @Override
    public Counts counts() {
        Map<DeliveryState, Long> byState = new EnumMap<>(DeliveryState.class);
        Map<Rung, Long> waiting = new HashMap<>();
        for (var shard : shards.all()) {
            Counts counts = shard.catalog().counts();
            counts.byState().forEach((state, n) -> byState.merge(state, n, Long::sum));
            counts.waitingByRung().forEach((rung, n) -> waiting.merge(rung, n, Long::sum));
        }
        return new Counts(byState, waiting);
    }

    @Override
    public @Nullable Long oldestOverdue() {
        return shards.all().stream()
                .map(shard -> shard.catalog().oldestOverdue())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
