package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many payments there are, a page goes down an index that has them in the list's order, and sorts none. */
class SqlitePaymentSearchTest {
    @TempDir
    private static Path directory;

    private static List<String> plan(PaymentSearch.Source source) {
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system())) {
            return stores.database()
                    .browse(session ->
                            session.list("EXPLAIN QUERY PLAN SELECT * FROM " + source.entries, r -> r.getString(4)));
        }
    }

    /** Of one number there are few. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ORDER")
    void noCandidateIsSorted(PaymentSearch.Source source) {
        assertThat(plan(source)).noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    @Test
    void byTimeOfPaymentAPageReadsOnlyItsOwnPartOfTheIndex() {
        assertThat(plan(PaymentSearch.Source.PAID))
                .anyMatch(step ->
                        step.matches("SEARCH payment USING COVERING INDEX payment_paid \\(paid_at>\\? AND .*<.*\\)"));
    }
}
