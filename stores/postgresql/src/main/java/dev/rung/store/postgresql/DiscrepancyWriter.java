package dev.rung.store.postgresql;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.store.common.DiscrepancyRows;
import dev.rung.store.common.PaymentRows;
import dev.rung.store.common.SqlAlertStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores discrepancies, each once, within a transaction. */
final class DiscrepancyWriter {
    private static final String REPORT = """
            INSERT INTO discrepancy (id, kind, channel, subject, payment_id, detail, created_at, merchant_id)
            SELECT i.*, (SELECT p.merchant_id FROM payment p WHERE p.id = i.payment_id)
            FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[])
              AS i(id, kind, channel, subject, payment_id, detail, created_at)
            ON CONFLICT (channel, subject, kind) DO NOTHING
            RETURNING id
            """;

    private static final String FIND = "SELECT id FROM discrepancy WHERE channel = ? AND subject = ? AND kind = ?";

    private static final Comparator<StoredDiscrepancy> BY_KEY = Comparator.comparing(StoredDiscrepancy::channel)
            .thenComparing(StoredDiscrepancy::subject)
            .thenComparing(StoredDiscrepancy::kind);

    private DiscrepancyWriter() {}

    /** Returns the ids of the new ones. */
    static Set<Long> report(Connection connection, List<StoredDiscrepancy> findings) throws SQLException {
        List<StoredDiscrepancy> rows = findings.stream().sorted(BY_KEY).toList();
        if (rows.isEmpty()) {
            return Set.of();
        }
        Set<Long> added = new HashSet<>(PostgresDatabase.rows(
                connection,
                REPORT,
                p -> p.longs(rows, d -> d.id().value())
                        .ints(rows, d -> d.kind().code())
                        .texts(rows, StoredDiscrepancy::channel)
                        .texts(rows, StoredDiscrepancy::subject)
                        .longsOrNull(
                                rows,
                                d -> d.payment() == null ? null : d.payment().value())
                        .texts(rows, StoredDiscrepancy::detail)
                        .longs(rows, d -> d.createdAt().toEpochMilli()),
                row -> row.getLong(1)));
        alert(
                connection,
                findings.stream().filter(d -> added.contains(d.id().value())).toList());
        return added;
    }

    private static void alert(Connection connection, List<StoredDiscrepancy> found) throws SQLException {
        for (@Nullable Object[] values : SqlAlertStore.values(found)) {
            PostgresDatabase.change(connection, SqlAlertStore.ADD, p -> p.values(values));
        }
    }

    /** Reopens what a refund of this payment was to settle, if it was. */
    static void reopen(Connection connection, DiscrepancyId id, PaymentId payment) throws SQLException {
        if (PostgresDatabase.change(
                        connection,
                        DiscrepancyRows.REOPEN,
                        p -> p.number(id.value()).number(payment.value()))
                == 1) {
            StoredDiscrepancy reopened = PostgresDatabase.rows(
                            connection,
                            PaymentRows.FIND_DISCREPANCY,
                            p -> p.number(id.value()),
                            PaymentRows::discrepancy)
                    .getFirst();
            alert(connection, List.of(reopened));
        }
    }

    /** Stores it unless present; returns its id. */
    static DiscrepancyId found(Connection connection, StoredDiscrepancy d) throws SQLException {
        if (!report(connection, List.of(d)).isEmpty()) {
            return d.id();
        }
        return PostgresDatabase.rows(
                        connection,
                        FIND,
                        p -> p.text(d.channel())
                                .text(d.subject())
                                .number(d.kind().code()),
                        row -> new DiscrepancyId(row.getLong(1)))
                .getFirst();
    }
}
