package dev.rung.store.sqlite;

import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.store.common.DiscrepancyRows;
import dev.rung.store.common.PaymentRows;
import dev.rung.store.common.SqlAlertStore;
import java.sql.SQLException;
import java.util.Objects;

/** Stores discrepancies, each once. */
final class DiscrepancyWriter {
    private static final String INSERT = """
            INSERT INTO discrepancy (id, kind, channel, subject, payment_id, detail, created_at, merchant_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT merchant_id FROM payment WHERE id = ?5))
            ON CONFLICT (channel, subject, kind) DO NOTHING""";
    private static final String FIND = "SELECT id FROM discrepancy WHERE channel = ? AND subject = ? AND kind = ?";

    private DiscrepancyWriter() {}

    /** Returns whether it is new. */
    static boolean report(WriteTransaction tx, StoredDiscrepancy d) throws SQLException {
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
            tx.session.update(SqlAlertStore.ADD, SqlAlertStore.values(d));
            StoredDiscrepancy.Resolution resolution = d.resolution();
            return resolution == null || resolve(tx, d.id(), resolution);
        }
        return false;
    }

    /** Stores it unless present; returns its id. */
    static DiscrepancyId found(WriteTransaction tx, StoredDiscrepancy d) throws SQLException {
        return report(tx, d)
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
            tx.session.update(SqlAlertStore.ADD, SqlAlertStore.values(reopened));
        }
    }
}
