package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredCallback;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Stores callbacks: each verified one once, and the last few unverified ones of each channel. */
final class CallbackWriter {
    private static final String FIND =
            "SELECT id FROM payment_callback WHERE channel = ? AND digest = ? AND verified = 1";
    private static final String IS_OF = """
            UPDATE payment_callback
               SET payment_id = ?1, merchant_id = (SELECT merchant_id FROM payment WHERE id = ?1), verdict = ?2
             WHERE id = ?3 AND payment_id IS NULL""";
    private static final String INSERT = """
            INSERT INTO payment_callback (id, channel, received_at, verified, digest, payment_id, discrepancy_id, verdict, headers,
                                          body, merchant_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, (SELECT merchant_id FROM payment WHERE id = ?6))""";
    /** Deletes the oldest of the largest group. The digest of an unverified callback is that of its group. */
    private static final String FORGET = """
            DELETE FROM payment_callback WHERE id IN (
              SELECT id FROM payment_callback
               WHERE verified = 0 AND channel = ?1 AND digest = (
                 SELECT digest FROM payment_callback WHERE verified = 0 AND channel = ?1
                  GROUP BY digest ORDER BY count(*) DESC, min(id) LIMIT 1)
               ORDER BY id
               LIMIT max(0, (SELECT count(*) FROM payment_callback WHERE verified = 0 AND channel = ?1) - ?2))""";

    private CallbackWriter() {}

    /**
     * Stores a verified callback unless the same bytes are stored already.
     *
     * @param finding the discrepancy of a callback for an unknown order
     */
    static void keep(WriteTransaction tx, StoredCallback c, @Nullable DiscrepancyId finding) throws SQLException {
        byte[] digest = digest(c.body());
        Long same = tx.session.first(FIND, r -> r.getLong(1), c.channel(), digest);
        PaymentId payment = c.payment();
        if (same == null) {
            insert(tx, c, digest, finding);
        } else if (payment != null) {
            tx.session.update(IS_OF, payment.value(), c.verdict(), same);
        }
    }

    /** Stores an unverified callback and deletes what is above the limit. */
    static void storeUnverified(WriteTransaction tx, StoredCallback c, String group, int keep) throws SQLException {
        insert(tx, c, digest(group.getBytes(StandardCharsets.UTF_8)), null);
        tx.session.update(FORGET, c.channel(), keep);
    }

    private static void insert(WriteTransaction tx, StoredCallback c, byte[] digest, @Nullable DiscrepancyId finding)
            throws SQLException {
        tx.given(c.id());
        tx.session.update(
                INSERT,
                c.id(),
                c.channel(),
                c.receivedAt().toEpochMilli(),
                c.verified(),
                digest,
                c.payment() == null ? null : c.payment().value(),
                finding == null ? null : finding.value(),
                c.verdict(),
                c.headers(),
                c.body());
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new StoreException("this JDK has no SHA-256", e);
        }
    }
}
