package dev.rung.store.mysql;

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
            VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT p.merchant_id FROM payment p WHERE p.id = ?))
            """;

    private static final String FIND = "SELECT id FROM discrepancy WHERE channel = ? AND subject = ? AND kind = ?";

    private static final Comparator<StoredDiscrepancy> BY_KEY = Comparator.comparing(StoredDiscrepancy::channel)
            .thenComparing(StoredDiscrepancy::subject)
            .thenComparing(StoredDiscrepancy::kind);

    private DiscrepancyWriter() {}

    /** Returns the ids of the new ones. */
    static Set<Long> report(Connection connection, List<StoredDiscrepancy> findings) throws SQLException {
        Set<Long> added = new HashSet<>();
        for (StoredDiscrepancy d : findings.stream().sorted(BY_KEY).toList()) {
            Long payment = d.payment() == null ? null : d.payment().value();
            boolean isNew = MySqlDatabase.insertIfNew(
                    connection,
                    REPORT,
                    p -> p.number(d.id().value())
                            .number(d.kind().code())
                            .text(d.channel())
                            .text(d.subject())
                            .number(payment)
                            .text(d.detail())
                            .number(d.createdAt().toEpochMilli())
                            .number(payment));
            if (isNew) {
                added.add(d.id().value());
            }
        }
        alert(
                connection,
                findings.stream().filter(d -> added.contains(d.id().value())).toList());
        return added;
    }

    private static void alert(Connection connection, List<StoredDiscrepancy> found) throws SQLException {
        for (@Nullable Object[] values : SqlAlertStore.values(found)) {
            MySqlDatabase.change(connection, SqlAlertStore.ADD_IN_MYSQL, p -> p.values(values));
        }
    }

    /** Reopens what a refund of this payment was to settle, if it was. */
    static void reopen(Connection connection, DiscrepancyId id, PaymentId payment) throws SQLException {
        if (MySqlDatabase.change(
                        connection,
                        DiscrepancyRows.REOPEN,
                        p -> p.number(id.value()).number(payment.value()))
                == 1) {
            StoredDiscrepancy reopened = MySqlDatabase.rows(
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
        return MySqlDatabase.rows(
                        connection,
                        FIND,
                        p -> p.text(d.channel())
                                .text(d.subject())
                                .number(d.kind().code()),
                        row -> new DiscrepancyId(row.getLong(1)))
                .getFirst();
    }
}
