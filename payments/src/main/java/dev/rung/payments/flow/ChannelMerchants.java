package dev.rung.payments.flow;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Merchants, and the channels beside them: as the engine sees it, whoever is asked about payments is a merchant with a bulkhead of its own. They are no
 * records of the store.
 */
final class ChannelMerchants implements MerchantStore {
    /** Queries under way at once at a channel. */
    private static final int MAX_IN_FLIGHT = 64;

    private final MerchantStore merchants;

    ChannelMerchants(MerchantStore merchants) {
        this.merchants = merchants;
    }

    @Override
    public Optional<Merchant> find(MerchantId id) {
        return id.isReserved() ? Optional.of(channel(id)) : merchants.find(id);
    }

    private static Merchant channel(MerchantId id) {
        return new Merchant(
                id,
                "payment channel",
                null,
                new LadderChoice.Named(Ladder.DEFAULT_NAME),
                Acknowledgement.STATUS_2XX,
                new Merchant.Keys(Signing.HMAC, new byte[0], null, null, null),
                MAX_IN_FLIGHT,
                false,
                0,
                0);
    }

    @Override
    public Merchant insert(Merchant merchant) {
        return merchants.insert(merchant);
    }

    @Override
    public Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change) {
        return merchants.update(id, change);
    }

    @Override
    public List<Merchant> list(@Nullable MerchantId before, int limit) {
        return merchants.list(before, limit);
    }

    @Override
    public List<Merchant> changedSince(long version, int limit) {
        return merchants.changedSince(version, limit);
    }

    @Override
    public long version() {
        return merchants.version();
    }

    @Override
    public SortedMap<String, Ladder> ladders() {
        return merchants.ladders();
    }

    @Override
    public void putLadder(String name, Ladder ladder) {
        merchants.putLadder(name, ladder);
    }

    @Override
    public void insertKey(Key key) {
        merchants.insertKey(key);
    }

    @Override
    public List<Key> keys(MerchantId merchant) {
        return merchants.keys(merchant);
    }

    @Override
    public Optional<Key> findKey(byte[] digest) {
        return merchants.findKey(digest);
    }

    @Override
    public boolean deleteKey(MerchantId merchant, long keyId) {
        return merchants.deleteKey(merchant, keyId);
    }
}
