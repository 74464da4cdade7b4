package dev.rung.payments.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.history.PaymentHistory.Result;
import dev.rung.payments.history.PaymentHistory.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many runs on one kind of store. However steps are interleaved, a payment ends once, as the bank knows it, and one
 * notification reports that; or the payment is visibly unknown. A failing run prints its seed; {@code -Drung.seed=N}
 * replays it alone, {@code -Drung.seeds=N} runs more seeds.
 */
public interface PaymentHistoryContract {
    /** Opens empty stores, which the caller closes. */
    Stores open();

    /** Number of runs. */
    int seeds();

    /** Number of consecutive runs on the same stores. */
    int seedsOnTheSameStores();

    /** Number of runs within which a planted fault is noticed. */
    int seedsUntilNoticed();

    private static Result live(long seed, Stores stores, PlantedFault fault) {
        return PaymentHistory.live(seed, stores, new MerchantId(10_001 + seed), fault);
    }

    private Result alone(long seed) {
        try (Stores stores = open()) {
            return live(seed, stores, PlantedFault.NONE);
        }
    }

    private List<Result> together(LongStream seeds) {
        try (Stores stores = open()) {
            return seeds.mapToObj(seed -> live(seed, stores, PlantedFault.NONE)).toList();
        }
    }

    private boolean isNoticed(LongStream seeds, PlantedFault fault) {
        try (Stores stores = open()) {
            return seeds.mapToObj(seed -> live(seed, stores, fault)).anyMatch(result -> result.violation() != null);
        }
    }

    /** The seeds up to this limit, grouped by the stores that they share. */
    private Stream<LongStream> upTo(int seeds) {
        int same = seedsOnTheSameStores();
        return LongStream.iterate(0, from -> from < seeds, from -> from + same)
                .mapToObj(from -> LongStream.range(from, Math.min(seeds, from + same)));
    }

    /** On virtual threads, because switching between tasks is cheap there. */
    private List<Result> lived() throws Exception {
        List<Callable<List<Result>>> runs = upTo(Math.max(seeds(), Integer.getInteger("rung.seeds", 0)))
                .<Callable<List<Result>>>map(seeds -> () -> together(seeds))
                .toList();
        List<Result> results = new ArrayList<>();
        int atOnce = Runtime.getRuntime().availableProcessors();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            for (Future<List<Result>> lived : threads.invokeAll(runs)) {
                results.addAll(lived.get());
            }
        }
        return results;
    }

    private Stream<String> told(Result result) {
        return Stream.ofNullable(result.violation())
                .map(violation -> "seed " + result.seed() + ": " + violation + "\n  replay it with "
                        + (getClass().getSimpleName().endsWith("IT") ? "-Dit.test=" : "-Dtest=")
                        + getClass().getSimpleName() + " -Drung.seed=" + result.seed());
    }

    @Test
    default void everyPaymentEndsAsTheBankKnowsOrIsVisiblyUnknown() throws Exception {
        Long one = Long.getLong("rung.seed");
        List<Result> results = one == null ? lived() : List.of(alone(one));
        assertThat(results.stream().flatMap(this::told)).isEmpty();
        if (one != null) {
            return;
        }
        Map<String, Integer> counts = new TreeMap<>();
        results.forEach(result -> result.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum)));
        assertThat(counts)
                .as("what histories must have seen to be worth their name")
                .containsKeys(
                        "acknowledged",
                        "asked again",
                        "callbacks lost",
                        "close: Closed",
                        "close: AlreadyFinal",
                        "close: Requested",
                        "closed",
                        "conflicts",
                        "crashes",
                        "failed",
                        "forged",
                        "refund callbacks acknowledged",
                        "refund callbacks lost",
                        "refund failed",
                        "refund succeeded",
                        "refunds beyond what was paid",
                        "refunds made at the bank",
                        "refunds repeated",
                        "stores died too",
                        "succeeded",
                        "unresolved");
    }

    @Test
    default void aSeedReplaysItsHistoryWhateverWasLivedThroughBefore() {
        List<Result> inTheirTurn = together(LongStream.range(0, 4));
        for (Result result : inTheirTurn) {
            assertThat(alone(result.seed())).isEqualTo(result);
        }
    }

    /** A fault that is noticed soon. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "SILENCE_IS_CLOSED"})
    default void aPlantedFaultIsNoticed(PlantedFault fault) {
        assertThat(upTo(seedsUntilNoticed()).anyMatch(seeds -> isNoticed(seeds, fault)))
                .as("a history notices %s", fault)
                .isTrue();
    }
}
