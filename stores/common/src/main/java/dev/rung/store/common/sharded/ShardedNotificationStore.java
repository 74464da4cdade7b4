package dev.rung.store.common.sharded;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notifications, each in the shard of its merchant. */
final class ShardedNotificationStore implements NotificationStore {
    private static final Comparator<Wake> BY_DUE_TIME =
            Comparator.comparingLong(Wake::dueAt).thenComparing(Wake::id);

    private static final Comparator<Delivery> OLDEST_DUE_FIRST = Comparator.comparing(
                    Delivery::nextAttemptAt, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Delivery::id);

    private final Shards shards;

    ShardedNotificationStore(Shards shards) {
        this.shards = shards;
    }

    private NotificationStore of(long id) {
        return shards.of(id).notifications();
    }

    private NotificationStore of(NotificationId id) {
        return of(id.value());
    }

    @Override
    public List<Acceptance> accept(List<NewNotification> batch) {
        return shards.split(
                batch,
                n -> n.merchantId().value(),
                (shard, items) -> shard.notifications().accept(items));
    }

    @Override
    public List<@Nullable Delivery> findDeliveries(List<NotificationId> ids) {
        return orNull(shards.split(
                ids,
                NotificationId::value,
                (shard, some) -> optional(shard.notifications().findDeliveries(some))));
    }

    /** {@link Shards#split} has no results that are null. */
    private static <T> List<Optional<T>> optional(List<@Nullable T> items) {
        return items.stream().map(Optional::ofNullable).toList();
    }

    private static <T> List<@Nullable T> orNull(List<Optional<T>> items) {
        return items.stream().<@Nullable T>map(item -> item.orElse(null)).toList();
    }

    @Override
    public byte @Nullable [] payload(NotificationId id) {
        return of(id).payload(id);
    }

    @Override
    public List<Settled> settle(List<Settlement> batch) {
        return shards.split(
                batch,
                s -> s.wake().id().value(),
                (shard, items) -> shard.notifications().settle(items));
    }

    @Override
    public List<Boolean> park(List<Park> batch, WakeLocation wakeLocation) {
        return shards.split(
                batch,
                p -> p.wake().id().value(),
                (shard, items) -> shard.notifications().park(items, wakeLocation));
    }

    @Override
    public List<Delivery> unparkHeld(BulkheadKey bulkhead, int limit) {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                of(receiver.merchant().value()).unparkHeld(bulkhead, limit);
            case BulkheadKey.OfChannel _ ->
                shards.gather(limit, (shard, most) -> shard.notifications().unparkHeld(bulkhead, most)).stream()
                        .sorted(OLDEST_DUE_FIRST)
                        .toList();
        };
    }

    @Override
    public int countHeld(BulkheadKey bulkhead, int max) {
        return switch (bulkhead) {
            case BulkheadKey.OfReceiver(ReceiverId receiver) ->
                of(receiver.merchant().value()).countHeld(bulkhead, max);
            case BulkheadKey.OfChannel _ ->
                Shards.sum(
                        shards.all().stream(),
                        max,
                        (shard, most) -> shard.notifications().countHeld(bulkhead, most));
        };
    }

    @Override
    public List<Delivery> unparkReleased(@Nullable ReceiverId receiver, @Nullable String orderNo, int limit) {
        return receiver == null
                ? shards.gather(limit, (shard, most) -> shard.notifications().unparkReleased(null, null, most))
                : of(receiver.merchant().value()).unparkReleased(receiver, orderNo, limit);
    }

    @Override
    public List<BulkheadKey> bulkheadsHolding(@Nullable BulkheadKey after, int limit) {
        return shards
                .merge(
                        shard -> shard.notifications().bulkheadsHolding(after, limit),
                        Comparator.naturalOrder(),
                        Integer.MAX_VALUE)
                .stream()
                .distinct()
                .limit(limit)
                .toList();
    }

    @Override
    public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
        return shards.merge(shard -> shard.notifications().queued(after, dueUntil, limit), BY_DUE_TIME, limit);
    }

    @Override
    public List<Wake> rearm(List<Wake> lost, boolean mayRepeat) {
        return lost.stream().collect(Collectors.groupingBy(wake -> of(wake.id()))).entrySet().stream()
                .flatMap(e -> e.getKey().rearm(e.getValue(), mayRepeat).stream())
                .toList();
    }

    @Override
    public List<Wake> promoteDeferred(long dueUntil, int limit) {
        return shards.gather(limit, (shard, most) -> shard.notifications().promoteDeferred(dueUntil, most));
    }

    @Override
    public List<@Nullable Wake> resend(List<NotificationId> ids, @Nullable String url, boolean urgent, long now) {
        return orNull(shards.split(
                ids,
                NotificationId::value,
                (shard, some) -> optional(shard.notifications().resend(some, url, urgent, now))));
    }

    @Override
    public Cancellation cancel(NotificationId id, long now) {
        return of(id).cancel(id, now);
    }

    @Override
    public int purge(long settledBefore, int limit) {
        return Shards.sum(
                shards.all().stream(),
                limit,
                (shard, most) -> shard.notifications().purge(settledBefore, most));
    }

    @Override
    public long lastId() {
        return shards.everywhere()
                .mapToLong(each -> each.notifications().lastId())
                .max()
                .orElse(0);
    }

    @Override
    public long now() {
        return shards.global().notifications().now();
    }
}
