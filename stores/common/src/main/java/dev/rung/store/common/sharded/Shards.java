package dev.rung.store.common.sharded;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.store.spi.Stores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The databases among which merchants are divided, and one for what belongs to no merchant. The only place that knows which record is where: a
 * merchant's records are in the shard of its bucket, which every id of such a record names.
 */
final class Shards {
    private final List<Stores> shards;
    private final Stores global;
    private final int[] byBucket = new int[Ids.BUCKETS];
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param shards by their names in Vitess
     * @throws IllegalArgumentException if a bucket belongs to no shard or to several; the message is for users
     */
    Shards(Map<String, ? extends Stores> shards, Stores global) {
        this.shards = shards.values().stream().<Stores>map(s -> s).toList();
        this.global = global;
        List<ShardRange> ranges =
                shards.keySet().stream().map(ShardRange::parse).toList();
        for (int bucket = 0; bucket < byBucket.length; bucket++) {
            byBucket[bucket] = only(ranges, bucket);
        }
    }

    private static int only(List<ShardRange> ranges, int bucket) {
        List<ShardRange> of = ranges.stream().filter(r -> r.contains(bucket)).toList();
        if (of.size() != 1) {
            throw new IllegalArgumentException("the shards "
                    + String.join(", ", ranges.stream().map(ShardRange::name).toList())
                    + " do not divide the keyspace: " + of.size() + " have the bucket " + bucket);
        }
        return ranges.indexOf(of.getFirst());
    }

    /** What belongs to no merchant. */
    Stores global() {
        return global;
    }

    List<Stores> all() {
        return shards;
    }

    /** The shards, and the database of what belongs to no merchant. */
    Stream<Stores> everywhere() {
        return Stream.concat(shards.stream(), Stream.of(global));
    }

    /** The index of the shard that has this record of a merchant. */
    int indexOf(long id) {
        return byBucket[Ids.bucket(id)];
    }

    Stores of(long id) {
        return shards.get(indexOf(id));
    }

    Stores of(MerchantId merchant) {
        return of(merchant.value());
    }

    /** Work for one shard. */
    interface Work<T, R> {
        /** A result for each item, in their order. */
        List<R> of(Stores shard, List<T> items);
    }

    /** Splits a batch by shard; returns a result per item, in order. */
    <T, R> List<R> split(List<T> batch, ToLongFunction<T> id, Work<T, R> work) {
        Map<Integer, List<T>> byShard = new TreeMap<>();
        batch.forEach(item -> byShard.computeIfAbsent(indexOf(id.applyAsLong(item)), _ -> new ArrayList<>())
                .add(item));
        if (byShard.size() == 1) {
            return work.of(shards.get(byShard.keySet().iterator().next()), batch);
        }
        Map<Integer, Iterator<R>> results = new HashMap<>();
        byShard.forEach((shard, items) ->
                results.put(shard, work.of(shards.get(shard), items).iterator()));
        return batch.stream()
                .map(item -> Objects.requireNonNull(results.get(indexOf(id.applyAsLong(item))))
                        .next())
                .toList();
    }

    /** Reads from every shard, and sorts. */
    <T> List<T> merge(Function<Stores, ? extends Collection<T>> read, Comparator<? super T> order, int limit) {
        return shards.stream()
                .<T>flatMap(shard -> read.apply(shard).stream())
                .sorted(order)
                .limit(limit)
                .toList();
    }

    /** Works shard by shard until there are this many; each call begins with another shard. */
    <T> List<T> gather(int limit, Gathering<T> some) {
        int first = turn.getAndIncrement();
        List<T> found = new ArrayList<>();
        for (int i = 0; i < shards.size() && found.size() < limit; i++) {
            Stores shard = shards.get(Math.floorMod(first + i, shards.size()));
            found.addAll(some.of(shard, limit - found.size()));
        }
        return found;
    }

    /** Takes some of a shard. */
    interface Gathering<T> {
        List<T> of(Stores shard, int limit);
    }

    /** Adds up what databases count, each up to the rest of {@code max}. */
    static int sum(Stream<Stores> stores, int max, Counting count) {
        int sum = 0;
        for (Stores each : stores.toList()) {
            if (sum < max) {
                sum += count.of(each, max - sum);
            }
        }
        return sum;
    }

    /** Counts or deletes up to a limit. */
    interface Counting {
        int of(Stores stores, int max);
    }
}
