package dev.rung.store.sqlite;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.store.common.DiscrepancyRows;
import dev.rung.store.common.PaymentRows;
import dev.rung.store.common.SqlAlertStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores discrepancies, each once. */
final class DiscrepancyWriter {
    private static final String INSERT = """
            INSERT INTO discrepancy (id, kind, channel, subject, payment_id, detail, created_at, merchant_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT merchant_id FROM payment WHERE id = ?5))
            ON CONFLICT (channel, subject, kind) DO NOTHING""";
    private static final String FIND = "SELECT id FROM discrepancy WHERE channel = ? AND subject = ? AND kind = ?";

    private DiscrepancyWriter() {}

    /** Returns for each whether it is new. */
    static List<Boolean> report(WriteTransaction tx, List<StoredDiscrepancy> findings) throws SQLException {
        List<Boolean> isNew = new ArrayList<>(findings.size());
        List<StoredDiscrepancy> added = new ArrayList<>();
        for (StoredDiscrepancy d : findings) {
            isNew.add(insert(tx, d));
            if (isNew.getLast()) {
                added.add(d);
            }
        }
        alert(tx, added);
        return isNew;
    }

    private static boolean insert(WriteTransaction tx, StoredDiscrepancy d) throws SQLException {
        boolean isNew = tx.session.update(
                        INSERT,
                        d.id().value(),
                        d.kind().code(),
                        d.channel(),
                        d.subject(),
                        d.payment() == null ? null : d.payment().value(),
                        d.detail(),
                        d.createdAt().toEpochMilli())
                == 1;
        if (isNew) {
            tx.given(d.id().value());
        }
        return isNew;
    }

    private static void alert(WriteTransaction tx, List<StoredDiscrepancy> found) throws SQLException {
        for (@Nullable Object[] values : SqlAlertStore.values(found)) {
            tx.session.update(SqlAlertStore.ADD, values);
        }
    }

    /** Stores it unless present; returns its id. */
    static DiscrepancyId found(WriteTransaction tx, StoredDiscrepancy d) throws SQLException {
        return report(tx, List.of(d)).getFirst()
                ? d.id()
                : new DiscrepancyId(Objects.requireNonNull(tx.session.first(
                        FIND,
                        r -> r.getLong(1),
                        d.channel(),
                        d.subject(),
                        d.kind().code())));
    }

    /** False if it is unknown or already resolved. */
    static boolean resolve(WriteTransaction tx, DiscrepancyId id, StoredDiscrepancy.Resolution resolution)
            throws SQLException {
        return tx.session.update(DiscrepancyRows.resolve(resolution), DiscrepancyRows.resolution(id, resolution)) == 1;
    }

    /** Reopens what a refund of this payment was to settle, if it was. */
    static void reopen(WriteTransaction tx, DiscrepancyId id, PaymentId payment) throws SQLException {
        if (tx.session.update(DiscrepancyRows.REOPEN, id.value(), payment.value()) == 1) {
            StoredDiscrepancy reopened = Objects.requireNonNull(
                    tx.session.first(PaymentRows.FIND_DISCREPANCY, PaymentRows::discrepancy, id.value()));
            alert(tx, List.of(reopened));
        }
    }
}
