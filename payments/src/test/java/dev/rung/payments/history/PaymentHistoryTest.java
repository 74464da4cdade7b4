package dev.rung.payments.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.history.PaymentHistory.Result;
import dev.rung.payments.history.PaymentHistory.Stores;
import dev.rung.payments.memory.MemoryPaymentStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of histories on a store in memory. A failing one names its seed; {@code -Drung.seed=N} replays it alone, {@code -Drung.seeds=N} lives through more of
 * them.
 */
class PaymentHistoryTest {
    private static final int SEEDS = 2_000;
    private static final int SEEDS_UNTIL_NOTICED = 500;

    private static Result live(long seed, PlantedFault fault) {
        MemoryNotificationStore notifications = new MemoryNotificationStore(InstantSource.system());
        MemoryPaymentStore payments = new MemoryPaymentStore(notifications, InstantSource.system());
        Stores stores = new Stores(payments, notifications, notifications.catalog());
        return PaymentHistory.live(seed, stores, new MerchantId(10_001), fault);
    }

    @Test
    void everyPaymentEndsAsTheBankKnowsOrIsVisiblyUnknown() {
        Long one = Long.getLong("rung.seed");
        if (one != null) {
            assertThat(live(one, PlantedFault.NONE).violation()).isNull();
            return;
        }
        Map<String, Integer> counts = new TreeMap<>();
        List<String> failures = LongStream.range(0, Integer.getInteger("rung.seeds", SEEDS))
                .parallel()
                .mapToObj(seed -> live(seed, PlantedFault.NONE))
                .peek(result -> {
                    synchronized (counts) {
                        result.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
                    }
                })
                .filter(result -> result.violation() != null)
                .map(result -> "seed " + result.seed() + ": " + result.violation()
                        + "\n  replay it with -Dtest=PaymentHistoryTest -Drung.seed=" + result.seed())
                .toList();
        assertThat(failures).isEmpty();
        assertThat(counts)
                .as("what histories must have seen to be worth their name")
                .containsKeys(
                        "acknowledged",
                        "asked again",
                        "callbacks lost",
                        "close: Closed",
                        "close: Over",
                        "close: Wanted",
                        "closed",
                        "conflicts",
                        "crashes",
                        "failed",
                        "forged",
                        "succeeded",
                        "unresolved");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aPlantedFaultIsNoticed(PlantedFault fault) {
        assertThat(LongStream.range(0, SEEDS_UNTIL_NOTICED)
                        .mapToObj(seed -> live(seed, fault))
                        .filter(result -> result.violation() != null)
                        .findFirst())
                .as("a history that notices %s", fault)
                .isPresent();
    }

    @Test
    void aSeedReplaysItsHistory() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(live(seed, PlantedFault.NONE)).isEqualTo(live(seed, PlantedFault.NONE));
        }
    }
}
