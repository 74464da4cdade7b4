package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.model.MerchantId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MerchantCacheTest {
    private final MemoryMerchantStore store = new MemoryMerchantStore();
    private final MerchantCache cache = new MerchantCache(store);
    private final List<MerchantId> changes = new ArrayList<>();

    @BeforeEach
    void aMerchantIsStored() {
        store.insert(FlowFixture.merchant(ACTIVE, false));
        cache.start();
    }

    @Test
    void aMerchantIsReadOnceAndKept() {
        assertThat(cache.get(ACTIVE)).isNotNull();
        store.update(ACTIVE, m -> m.withPaused(true));
        assertThat(cache.get(ACTIVE)).extracting(m -> m.receiver().paused()).isEqualTo(false);
    }

    @Test
    void anUnknownMerchantIsLookedUpEachTime() {
        MerchantId later = new MerchantId(ACTIVE.value() + 1);
        assertThat(cache.get(later)).isNull();
        store.insert(FlowFixture.merchant(later, false));
        assertThat(cache.get(later)).isNotNull();
    }

    @Test
    void refreshReadsWhatChangedSinceTheStart() {
        cache.get(ACTIVE);
        refresh();
        assertThat(changes).isEmpty();
        store.update(ACTIVE, m -> m.withPaused(true));
        refresh();
        assertThat(changes).containsExactly(ACTIVE);
        assertThat(cache.get(ACTIVE)).extracting(m -> m.receiver().paused()).isEqualTo(true);
        refresh();
        assertThat(changes).containsExactly(ACTIVE);
    }

    /** A page of changes holds 500 merchants. */
    @Test
    void refreshReadsEveryPage() {
        for (int i = 0; i < 1_001; i++) {
            store.insert(FlowFixture.merchant(new MerchantId(10_000L + i), false));
        }
        refresh();
        assertThat(changes).hasSize(1_001);
    }

    @Test
    void reloadReadsThisMerchantOnly() {
        cache.get(ACTIVE);
        store.update(ACTIVE, m -> m.withPaused(true));
        assertThat(cache.reload(ACTIVE)).extracting(m -> m.receiver().paused()).isEqualTo(true);
        assertThat(cache.get(ACTIVE)).extracting(m -> m.receiver().paused()).isEqualTo(true);
        assertThat(cache.reload(new MerchantId(1))).isNull();
    }

    private void refresh() {
        cache.refresh(merchant -> changes.add(merchant.id()));
    }
}
