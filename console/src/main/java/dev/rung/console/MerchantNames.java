package dev.rung.console;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Finds merchants by name. Thread-safe. */
@Lazy
@Component
final class MerchantNames {
    private static final int PAGE = 500;
    /** Names are not indexed: only this many of the newest merchants are searched. */
    private static final int SEARCHED_MAX = 10_000;

    private final MerchantStore store;
    private final MerchantCache merchantCache;

    MerchantNames(MerchantStore store, MerchantCache merchantCache) {
        this.store = store;
        this.merchantCache = merchantCache;
    }

    /** The merchant's name; its id if there is no such merchant. */
    String name(MerchantId id) {
        return merchantCache.find(id).map(Merchant::name).orElseGet(id::toString);
    }

    boolean isPaused(MerchantId id) {
        return merchantCache.find(id).filter(m -> m.receiver().paused()).isPresent();
    }

    /** The merchant that a search is limited to: a merchant's own, or the one of the parameter {@code merchant}; null if there is none. */
    @Nullable MerchantId wanted(Caller caller, Form query) {
        return caller.merchant() == null
                ? query.text("merchant").map(this::find).orElse(null)
                : caller.merchant();
    }

    /** The merchant with this id or name, or the only one whose name contains the text; null if there is none. */
    @Nullable MerchantId find(String text) {
        try {
            return MerchantId.parse(text);
        } catch (IllegalArgumentException e) {
            List<Merchant> exact = search(m -> m.name().equalsIgnoreCase(text), 1);
            if (!exact.isEmpty()) {
                return exact.getFirst().id();
            }
            List<Merchant> containing = containing(text, 2);
            return containing.size() == 1 ? containing.getFirst().id() : null;
        }
    }

    /** The newest merchants whose names contain the text. */
    List<Merchant> containing(String text, int limit) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return search(m -> m.name().toLowerCase(Locale.ROOT).contains(wanted), limit);
    }

    private List<Merchant> search(Predicate<Merchant> wanted, int limit) {
        List<Merchant> found = new ArrayList<>();
        MerchantId before = null;
        for (int searched = 0; searched < SEARCHED_MAX && found.size() < limit; searched += PAGE) {
            List<Merchant> page = store.list(before, PAGE);
            page.stream().filter(wanted).limit(limit - found.size()).forEach(found::add);
            if (page.size() < PAGE) {
                break;
            }
            before = page.getLast().id();
        }
        return found;
    }
}
