package dev.rung.store.postgresql;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores callbacks within a transaction: each verified one once, and the last few unverified ones of each channel. */
final class CallbackWriter {
    /** Inserts callbacks; a stored orphan callback is assigned to its payment instead. */
    private static final String KEEP = """
            INSERT INTO payment_callback (id, channel, received_at, verified, digest, payment_id, merchant_id, discrepancy_id, verdict,
              headers, body)
            SELECT i.id, i.channel, i.received_at, i.verified, i.digest, i.payment_id,
              (SELECT p.merchant_id FROM payment p WHERE p.id = i.payment_id), ?, i.verdict, i.headers, i.body
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::boolean[], ?::bytea[], ?::bigint[], ?::text[], ?::text[], ?::bytea[])
              AS i(id, channel, received_at, verified, digest, payment_id, verdict, headers, body)
            ON CONFLICT (channel, digest) WHERE verified DO UPDATE SET
              payment_id = excluded.payment_id, merchant_id = excluded.merchant_id, verdict = excluded.verdict
            WHERE payment_callback.payment_id IS NULL AND excluded.payment_id IS NOT NULL
            """;

    /**
     * Deletes the oldest of the largest group. The digest of an unverified callback is that of its group. Those that another transaction is
     * deleting are skipped; newer ones are not deleted in their place.
     */
    private static final String FORGET = """
            DELETE FROM payment_callback WHERE id IN (
              SELECT id FROM payment_callback WHERE id IN (
                SELECT id FROM payment_callback
                WHERE NOT verified AND channel = ? AND digest = (
                  SELECT digest FROM payment_callback WHERE NOT verified AND channel = ?
                  GROUP BY digest ORDER BY count(*) DESC, min(id) LIMIT 1)
                ORDER BY id
                LIMIT greatest(0, (SELECT count(*) FROM payment_callback WHERE NOT verified AND channel = ?) - ?))
              FOR UPDATE SKIP LOCKED)
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
        insert(connection, List.copyOf(byKey.values()), c -> digest(c.body()), finding);
    }

    private static void insert(
            Connection connection,
            List<StoredCallback> rows,
            Function<StoredCallback, byte @Nullable []> digests,
            @Nullable DiscrepancyId finding)
            throws SQLException {
        if (!rows.isEmpty()) {
            PostgresDatabase.change(
                    connection,
                    KEEP,
                    p -> p.number(finding == null ? null : finding.value())
                            .longs(rows, StoredCallback::id)
                            .texts(rows, StoredCallback::channel)
                            .longs(rows, c -> c.receivedAt().toEpochMilli())
                            .flags(rows, StoredCallback::verified)
                            .byteses(rows, digests)
                            .longsOrNull(
                                    rows,
                                    c -> c.payment() == null
                                            ? null
                                            : c.payment().value())
                            .texts(rows, StoredCallback::verdict)
                            .texts(rows, StoredCallback::headers)
                            .byteses(rows, StoredCallback::body));
        }
    }

    /** Stores an unverified callback and deletes what is above the limit. */
    static int storeUnverified(Connection connection, StoredCallback c, String group, int keep) throws SQLException {
        byte[] digest = digest(group.getBytes(StandardCharsets.UTF_8));
        insert(connection, List.of(c), ignored -> digest, null);
        return PostgresDatabase.change(
                connection,
                FORGET,
                p -> p.text(c.channel()).text(c.channel()).text(c.channel()).number(keep));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new StoreException("this JDK has no SHA-256", e);
        }
    }
}
