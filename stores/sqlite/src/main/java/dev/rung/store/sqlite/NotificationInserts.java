package dev.rung.store.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores what is accepted. */
final class NotificationInserts {
    private static final String FIND_KEY = """
            SELECT notification_id, body_digest FROM content
             WHERE merchant_id = ? AND idempotency_key = ? AND idempotency_key IS NOT NULL""";
    private static final String INSERT_CONTENT = """
            INSERT INTO content (position, notification_id, merchant_id, created_at, order_no, event_type, url, ladder_steps,
                                 ordered, idempotency_key, body_digest, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""";
    private static final String INSERT = """
            INSERT INTO notification (id, position, merchant_id, ladder_id, state, place, wake, rung, attempts_made,
                                      attempts_max, ordered, may_repeat, listed, next_attempt_at)
            VALUES (?, ?, ?, ?, 0, ?, 1, 0, 0, ?, ?, 0, 0, ?)""";
    private static final String MARK =
            "INSERT INTO ordered_mark (merchant_id, order_no, position, notification_id) VALUES (?, ?, ?, ?)";

    private NotificationInserts() {}

    /** What an idempotency key was first used for. */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by its bytes
    record First(NotificationId id, byte[] digest) {
        boolean isOf(Idempotency idempotency) {
            return Arrays.equals(digest, idempotency.bodyDigest());
        }
    }

    static List<Acceptance> accept(WriteTransaction tx, List<NewNotification> batch) throws SQLException {
        List<Entering> entering = new ArrayList<>(batch.size());
        for (NewNotification n : batch) {
            int ladder = tx.ladders.id(tx.session, n.ladderName(), n.ladder());
            entering.add(new Entering(n, tx.accepted(n.id(), n.content().createdAt()), ladder));
        }
        int[] inserted = tx.session.updateEach(
                INSERT_CONTENT, entering.stream().map(Entering::content).toList());
        List<Entering> stored = new ArrayList<>(batch.size());
        List<Acceptance> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] == 1) {
                stored.add(entering.get(i));
                answers.add(new Acceptance.Stored(batch.get(i).id()));
            } else {
                answers.add(again(tx, batch.get(i)));
            }
        }
        insert(tx, stored);
        return answers;
    }

    private static void insert(WriteTransaction tx, List<Entering> stored) throws SQLException {
        try {
            tx.session.updateEach(
                    INSERT, stored.stream().map(Entering::notification).toList());
        } catch (SQLException e) {
            if (SqliteErrors.isKeyTaken(e)) {
                throw StoreException.idTaken(e);
            }
            throw e;
        }
        for (Entering e : stored) {
            String orderNo = e.n.content().orderNo();
            if (e.n.ordered() && orderNo != null) {
                tx.session.update(
                        MARK,
                        e.n.merchantId().value(),
                        orderNo,
                        e.position,
                        e.n.id().value());
            }
            tx.count(e.n.merchantId(), e.ladder, NotificationState.WAITING, 0, 1);
        }
    }

    /** Its key was used before. */
    private static Acceptance again(WriteTransaction tx, NewNotification n) throws SQLException {
        Idempotency idempotency =
                Objects.requireNonNull(n.idempotency(), "only an idempotency key can be there already");
        First first = Objects.requireNonNull(first(tx.session, n.merchantId(), idempotency));
        return first.isOf(idempotency) ? new Acceptance.Repeated(first.id()) : new Acceptance.Conflicting(first.id());
    }

    static @Nullable First first(SqliteSession session, MerchantId merchant, Idempotency idempotency)
            throws SQLException {
        return session.first(
                FIND_KEY,
                r -> new First(new NotificationId(r.getLong(1)), r.getBytes(2)),
                merchant.value(),
                idempotency.key());
    }

    /** A notification with what the store adds to it. */
    private record Entering(NewNotification n, long position, int ladder) {
        @Nullable Object[] content() {
            Idempotency idempotency = n.idempotency();
            return new @Nullable Object[] {
                position,
                n.id().value(),
                n.merchantId().value(),
                n.content().createdAt(),
                n.content().orderNo(),
                n.content().eventType(),
                n.content().url(),
                ladder == LadderTable.INLINE ? n.ladder().compact() : null,
                n.ordered(),
                idempotency == null ? null : idempotency.key(),
                idempotency == null ? null : idempotency.bodyDigest(),
                n.payload()
            };
        }

        @Nullable Object[] notification() {
            return new @Nullable Object[] {
                n.id().value(),
                position,
                n.merchantId().value(),
                ladder,
                n.wakeLocation().code(),
                n.ladder().attemptsMax(),
                n.ordered(),
                n.dueAt()
            };
        }
    }
}
