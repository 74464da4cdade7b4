package dev.rung.store.sqlite;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EventId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores accepted notifications. */
final class NotificationInserts {
    private static final String FIND_KEY = """
            SELECT id, body_digest FROM notification
             WHERE merchant_id = ? AND idempotency_key = ? AND idempotency_key IS NOT NULL""";
    private static final String INSERT = """
            INSERT INTO notification (position, id, merchant_id, endpoint_id, event_id, created_at, kind, ordered, url, own_url, order_no, event_type, ladder,
                                      ladder_name, idempotency_key, body_digest, traceparent, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""";
    private static final String INSERT_DELIVERY = """
            INSERT INTO delivery (id, merchant_id, endpoint_id, next_attempt_at, wake_number, attempts_made, attempts_max, rung, state, wake_location,
                                  kind, may_repeat, holds_order, position, order_no, ladder_name, channel, urgent, throttled_count, listed)
            VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 0, 0)""";

    private NotificationInserts() {}

    /** The notification that first used an idempotency key. */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by its bytes
    record First(NotificationId id, byte[] digest) {
        boolean isOf(Idempotency idempotency) {
            return Arrays.equals(digest, idempotency.bodyDigest());
        }
    }

    static List<Acceptance> accept(WriteTransaction tx, List<NewNotification> batch) throws SQLException {
        List<Entering> entering = new ArrayList<>(batch.size());
        for (NewNotification n : batch) {
            entering.add(new Entering(n, tx.accepted(n.id(), n.content().createdAt())));
        }
        int[] inserted = tx.session.updateEach(
                INSERT, entering.stream().map(Entering::notification).toList());
        List<Entering> stored = new ArrayList<>(batch.size());
        List<Acceptance> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] == 1) {
                stored.add(entering.get(i));
                answers.add(new Acceptance.Stored(batch.get(i)));
            } else {
                answers.add(again(tx, batch.get(i)));
            }
        }
        insert(tx, stored);
        List<NewNotification> also =
                stored.stream().flatMap(e -> e.n.also().stream()).toList();
        if (!also.isEmpty()) {
            accept(tx, also);
        }
        return answers;
    }

    private static void insert(WriteTransaction tx, List<Entering> stored) throws SQLException {
        try {
            tx.session.updateEach(
                    INSERT_DELIVERY, stored.stream().map(Entering::delivery).toList());
        } catch (SQLException e) {
            if (SqliteErrors.isKeyTaken(e)) {
                throw StoreException.idTaken(e);
            }
            throw e;
        }
        for (Entering e : stored) {
            tx.counts.add(e.n.kind(), e.n.ladderName(), DeliveryState.WAITING, 0, 1);
        }
    }

    /** The idempotency key was used before. */
    private static Acceptance again(WriteTransaction tx, NewNotification n) throws SQLException {
        Idempotency idempotency = Objects.requireNonNull(n.idempotency(), "only an idempotency key can conflict");
        First first = Objects.requireNonNull(first(tx.session, n.merchantId(), idempotency));
        return first.isOf(idempotency) ? new Acceptance.Repeated(first.id()) : new Acceptance.Conflicting(first.id());
    }

    static @Nullable First first(SqliteSession session, MerchantId merchant, Idempotency idempotency)
            throws SQLException {
        return session.first(
                FIND_KEY,
                r -> new First(new NotificationId(r.getLong("id")), r.getBytes("body_digest")),
                merchant.value(),
                idempotency.key());
    }

    /** A notification with its position in the order of acceptance. */
    private record Entering(NewNotification n, long position) {
        @Nullable Object[] notification() {
            Idempotency idempotency = n.idempotency();
            EventId event = n.content().event();
            return new @Nullable Object[] {
                position,
                n.id().value(),
                n.merchantId().value(),
                n.receiver().endpointCode(),
                event == null ? null : event.value(),
                n.content().createdAt(),
                n.kind().code(),
                n.ordered(),
                n.content().url(),
                n.content().ownUrl(),
                n.content().orderNo(),
                n.content().eventType(),
                n.ladder().compact(),
                n.ladderName(),
                idempotency == null ? null : idempotency.key(),
                idempotency == null ? null : idempotency.bodyDigest(),
                n.content().trace() == null ? null : n.content().trace().text(),
                n.payload()
            };
        }

        @Nullable Object[] delivery() {
            return new @Nullable Object[] {
                n.id().value(),
                n.merchantId().value(),
                n.receiver().endpointCode(),
                n.dueAt(),
                NewNotification.FIRST_WAKE,
                n.ladder().attemptsMax(),
                DeliveryState.WAITING.code(),
                n.wakeLocation().code(),
                n.kind().code(),
                n.ordered(),
                position,
                n.ordered() ? n.content().orderNo() : null,
                n.ladderName(),
                n.channel(),
                n.urgent()
            };
        }
    }
}
