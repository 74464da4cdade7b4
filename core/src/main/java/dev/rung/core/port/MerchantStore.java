package dev.rung.core.port;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Merchants, and the ladders that operators saved. Thread-safe; every method is one transaction. */
public interface MerchantStore {

    /** The parts among which merchants are divided, each with a database and versions of its own; most stores have one. */
    default List<MerchantStore> parts() {
        return List.of(this);
    }

    /** Stores a new merchant with its endpoints; its version is set by the store. */
    Merchant insert(Merchant merchant);

    Optional<Merchant> find(MerchantId id);

    /**
     * Changes a merchant and its endpoints: reads them under a lock, applies the change, and writes it with a raised version. If the change throws, nothing is
     * written and the exception is passed on.
     *
     * @return the merchant after the change; empty if there is none
     */
    Optional<Merchant> update(MerchantId id, UnaryOperator<Merchant> change);

    /** Merchants that are not deleted, with ids below {@code before}, newest first; null: from the newest. */
    List<Merchant> list(@Nullable MerchantId before, int limit);

    /** Merchants with greater versions, deleted ones too, in order of version. Caches call it, of each part, to find changes made by other servers. */
    List<Merchant> changedSince(long version, int limit);

    /** The longest timeout of an attempt to any receiver; zero if there are none. */
    Duration longestTimeout();

    /** The greatest version of all merchants of a part. */
    long version();

    /** Ladders that operators saved, by name; presets are not among them. */
    SortedMap<String, Ladder> ladders();

    /** Saves or replaces a ladder. */
    void putLadder(String name, Ladder ladder);
}
