package dev.rung.store.mysql;

import dev.rung.core.port.StoreException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.StoredCallback;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stores callbacks within a transaction: each verified one once, and the last few unverified ones of each channel. */
final class CallbackWriter {
    private static final String KEEP = """
            INSERT INTO payment_callback (id, channel, received_at, verified, digest, payment_id, merchant_id, discrepancy_id, verdict,
              headers, body)
            VALUES (?, ?, ?, ?, ?, ?, (SELECT p.merchant_id FROM payment p WHERE p.id = ?), ?, ?, ?, ?)
            """;

    /** Assigns an orphan callback to its payment. */
    private static final String ASSIGN = """
            UPDATE payment_callback
               SET payment_id = ?, merchant_id = (SELECT p.merchant_id FROM payment p WHERE p.id = ?), verdict = ?
             WHERE verified_channel = ? AND digest = ? AND payment_id IS NULL
            """;

    private static final String COUNT = "SELECT count(*) FROM payment_callback WHERE unverified_channel = ?";

    /**
     * The oldest of the largest group. The digest of an unverified callback is that of its group. Those that another transaction is deleting are
     * skipped; newer ones are not deleted in their place.
     */
    private static final String FORGOTTEN = """
            SELECT id FROM payment_callback WHERE id IN (
              SELECT id FROM (
                SELECT id FROM payment_callback WHERE unverified_channel = ? AND digest = (
                  SELECT digest FROM (SELECT digest, count(*) AS n, min(id) AS oldest FROM payment_callback
                    WHERE unverified_channel = ? GROUP BY digest ORDER BY n DESC, oldest LIMIT 1) largest)
                ORDER BY id LIMIT ?) above)
            FOR UPDATE SKIP LOCKED
            """;

    private CallbackWriter() {}

    /**
     * Stores callbacks; of identical bytes only the first.
     *
     * @param finding the discrepancy of callbacks for an unknown order
     */
    static void keep(Connection connection, List<StoredCallback> callbacks, @Nullable DiscrepancyId finding)
            throws SQLException {
        SortedMap<String, StoredCallback> byKey = new TreeMap<>();
        for (StoredCallback c : callbacks) {
            byKey.putIfAbsent(c.channel() + ' ' + HexFormat.of().formatHex(digest(c.body())), c);
        }
        for (Map.Entry<String, StoredCallback> e : byKey.entrySet()) {
            keep(connection, e.getValue(), digest(e.getValue().body()), finding);
        }
    }

    private static void keep(Connection connection, StoredCallback c, byte[] digest, @Nullable DiscrepancyId finding)
            throws SQLException {
        Long payment = c.payment() == null ? null : c.payment().value();
        boolean isNew = MySqlDatabase.insertIfNew(
                connection,
                KEEP,
                p -> p.number(c.id())
                        .text(c.channel())
                        .number(c.receivedAt().toEpochMilli())
                        .values(c.verified())
                        .bytes(digest)
                        .number(payment)
                        .number(payment)
                        .number(finding == null ? null : finding.value())
                        .text(c.verdict())
                        .text(c.headers())
                        .bytes(c.body()));
        if (!isNew && payment != null) {
            MySqlDatabase.change(
                    connection,
                    ASSIGN,
                    p -> p.number(payment)
                            .number(payment)
                            .text(c.verdict())
                            .text(c.channel())
                            .bytes(digest));
        }
    }

    /** Stores an unverified callback and deletes what is above the limit. */
    static int storeUnverified(Connection connection, StoredCallback c, String group, int keep) throws SQLException {
        keep(connection, c, digest(group.getBytes(StandardCharsets.UTF_8)), null);
        int above = MySqlDatabase.rows(connection, COUNT, p -> p.text(c.channel()), row -> row.getInt(1))
                        .getFirst()
                - keep;
        if (above <= 0) {
            return 0;
        }
        List<Long> forgotten = MySqlDatabase.rows(
                connection,
                FORGOTTEN,
                p -> p.text(c.channel()).text(c.channel()).number(above),
                row -> row.getLong(1));
        return forgotten.isEmpty()
                ? 0
                : MySqlDatabase.change(
                        connection,
                        MySqlDatabase.withIds("DELETE FROM payment_callback WHERE id IN (%s)", forgotten),
                        p -> {});
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new StoreException("this JDK has no SHA-256", e);
        }
    }
}
