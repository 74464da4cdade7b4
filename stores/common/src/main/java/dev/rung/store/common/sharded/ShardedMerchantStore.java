package dev.rung.store.common.sharded;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.store.spi.Stores;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Merchants, each in its shard with versions of the shard's own, and the ladders, which belong to none. */
final class ShardedMerchantStore implements MerchantStore {
    private final Shards shards;

    ShardedMerchantStore(Shards shards) {
        this.shards = shards;
    }

    @Override
    public List<MerchantStore> parts() {
        return shards.all().stream().map(Stores::merchants).toList();
    }

    @Override
    public Merchant insert(Merchant merchant) {
        return shards.of(merchant.id()).merchants().insert(merchant);
    }

    @Override
    public Optional<Merchant> find(MerchantId id) {
        return shards.of(id).merchants().find(id);
    }

    @Override
    public Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change) {
        return shards.of(id).merchants().update(id, change);
    }

    @Override
    public List<Merchant> list(@Nullable MerchantId before, int limit) {
        return shards.merge(
                shard -> shard.merchants().list(before, limit),
                Comparator.comparing(Merchant::id).reversed(),
                limit);
    }

    @Override
    public List<Merchant> changedSince(long version, int limit) {
        throw severalParts();
    }

    @Override
    public Duration longestTimeout() {
        return shards.all().stream()
                .map(shard -> shard.merchants().longestTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public long version() {
        throw severalParts();
    }

    private static UnsupportedOperationException severalParts() {
        return new UnsupportedOperationException("each of parts() has versions of its own");
    }

    @Override
    public SortedMap<String, Ladder> ladders() {
        return shards.global().merchants().ladders();
    }

    @Override
    public void putLadder(String name, Ladder ladder) {
        shards.global().merchants().putLadder(name, ladder);
    }
}
