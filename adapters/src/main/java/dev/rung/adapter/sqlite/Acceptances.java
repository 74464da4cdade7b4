package dev.rung.adapter.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores what is accepted. */
final class Acceptances {
    private static final String FIND_KEY = """
            SELECT notification_id, body_digest FROM content
             WHERE merchant_id = ? AND idempotency_key = ? AND idempotency_key IS NOT NULL""";
    private static final String INSERT_CONTENT = """
            INSERT INTO content (position, notification_id, merchant_id, created_at, order_no, event_type, url, ladder_steps,
                                 ordered, idempotency_key, body_digest, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String INSERT = """
            INSERT INTO notification (id, position, merchant_id, ladder_id, state, place, wake, rung, attempts_made,
                                      attempts_max, ordered, may_repeat, listed, next_attempt_at)
            VALUES (?, ?, ?, ?, 0, ?, 1, 0, 0, ?, ?, 0, 0, ?)""";
    private static final String MARK =
            "INSERT INTO ordered_mark (merchant_id, order_no, position, notification_id) VALUES (?, ?, ?, ?)";

    private Acceptances() {}

    /** What an idempotency key was first used for. */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by its bytes
    private record First(NotificationId id, byte[] digest) {}

    static List<Acceptance> accept(Tx tx, List<NewNotification> batch) throws SQLException {
        List<Acceptance> answers = new ArrayList<>(batch.size());
        try {
            for (NewNotification n : batch) {
                answers.add(accept(tx, n));
            }
        } catch (SQLException e) {
            if (Failures.isKeyTaken(e)) {
                throw StoreException.idTaken(e);
            }
            throw e;
        }
        return answers;
    }

    private static Acceptance accept(Tx tx, NewNotification n) throws SQLException {
        NewNotification.Idempotency idempotency = n.idempotency();
        First first = idempotency == null ? null : first(tx, n.merchantId(), idempotency.key());
        if (idempotency != null && first != null) {
            return Arrays.equals(first.digest(), idempotency.bodyDigest())
                    ? new Acceptance.Repeated(first.id())
                    : new Acceptance.Conflicting(first.id());
        }
        insert(tx, n);
        return new Acceptance.Stored(n.id());
    }

    private static @Nullable First first(Tx tx, MerchantId merchant, String key) throws SQLException {
        return tx.session.first(
                FIND_KEY, r -> new First(new NotificationId(r.getLong(1)), r.getBytes(2)), merchant.value(), key);
    }

    private static void insert(Tx tx, NewNotification n) throws SQLException {
        int ladder = tx.ladders.id(tx.session, n.ladderName(), n.ladder());
        long position = tx.accepted(n.id(), n.content().createdAt());
        NewNotification.Idempotency idempotency = n.idempotency();
        String orderNo = n.content().orderNo();
        tx.session.update(
                INSERT,
                n.id().value(),
                position,
                n.merchantId().value(),
                ladder,
                n.place().code(),
                n.ladder().attemptsMax(),
                n.ordered(),
                n.dueAt());
        tx.session.update(
                INSERT_CONTENT,
                position,
                n.id().value(),
                n.merchantId().value(),
                n.content().createdAt(),
                orderNo,
                n.content().eventType(),
                n.content().url(),
                ladder == Ladders.INLINE ? n.ladder().compact() : null,
                n.ordered(),
                idempotency == null ? null : idempotency.key(),
                idempotency == null ? null : idempotency.bodyDigest(),
                n.payload());
        if (n.ordered() && orderNo != null) {
            tx.session.update(MARK, n.merchantId().value(), orderNo, position, n.id().value());
        }
        tx.count(NotificationState.WAITING, ladder, 0, 1);
    }
}
