package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many records there are, what belongs to a payment or a discrepancy is found by an index. */
class SqlitePaymentPurgeTest {
    @TempDir
    private static Path directory;

    @Test
    void nothingIsFoundByAScan() {
        List<String> statements = new ArrayList<>(PaymentPurge.DELETE_RECORD);
        statements.addAll(PaymentPurge.DELETE_STRAY);
        statements.add(PaymentPurge.OLD_RECORDS);
        try (SqliteStores stores = SqliteStores.open(directory, InstantSource.system())) {
            for (String statement : statements) {
                int values = Collections.frequency(statement.chars().boxed().toList(), (int) '?');
                List<String> plan = stores.database()
                        .browse(session -> session.list(
                                "EXPLAIN QUERY PLAN " + statement,
                                r -> r.getString(4),
                                Collections.nCopies(values, 1).toArray()));
                assertThat(plan).as(statement).isNotEmpty().noneMatch(step -> step.startsWith("SCAN"));
            }
        }
    }
}
