package dev.rung.store.postgresql;

import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.PaymentRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates payments and applies transitions, each with its consequences, within a transaction.
 *
 * <p>Rows are always locked in the same order to prevent deadlocks: payments, queries, discrepancies, callbacks, new rows, and the counters
 * last, but before the queries of new payments, which no one else can lock; each in key order.
 */
final class PaymentChangeWriter {
    /** Inserts payments with new order numbers, each with its line of the timeline, and counts them. */
    private static final String CREATE = "WITH stored AS (INSERT INTO payment (" + PaymentRows.PAYMENT
            + """
            , request_digest)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
              ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::int[],
              ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::int[], ?::bigint[],
              ?::bytea[])
            ON CONFLICT (out_trade_no, merchant_id) DO NOTHING
            RETURNING id, merchant_id, state),
            events AS (INSERT INTO payment_event (%s, merchant_id)
            SELECT i.*, s.merchant_id
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::text[])
              AS i(id, payment_id, refund_id, at, source, state, detail, answer)
            JOIN stored s ON s.id = i.payment_id),
            tallied AS (INSERT INTO payment_count (slot, state, n)
            SELECT %s, state, count(*) FROM stored GROUP BY state ORDER BY state
            ON CONFLICT (slot, state) DO UPDATE SET n = payment_count.n + excluded.n)
            SELECT id FROM stored
            """.formatted(PaymentRows.EVENT, StateCounters.SLOT);

    private static final String FIRST =
            "SELECT i.id AS asked_id, p.request_digest = i.digest AS is_same, p.* FROM (SELECT "
                    + PaymentRows.PAYMENT_READ
                    + """
            , request_digest FROM payment WHERE (out_trade_no, merchant_id) IN (SELECT * FROM unnest(?::text[], ?::bigint[])))
            AS p JOIN unnest(?::bigint[], ?::text[], ?::bigint[], ?::bytea[]) AS i(id, out_trade_no, merchant_id, digest)
              USING (out_trade_no, merchant_id)
            """;

    private static final String LOCK = """
            SELECT p.id FROM unnest(?::bigint[], ?::int[]) AS i(id, version) JOIN payment p ON p.id = i.id
            WHERE p.version = i.version
            ORDER BY p.id FOR UPDATE OF p
            """;

    private static final String MOVE = """
            UPDATE payment p SET
              state = i.state, expires_at = i.expires_at, close_requested_at = i.close_requested_at, pay_url = i.pay_url,
              pay_params = i.pay_params, problem = i.problem, channel_trade_no = i.channel_trade_no, paid_at = i.paid_at, amount_paid = i.amount_paid, version = p.version + i.raised,
              timeline_until = CASE WHEN i.is_final THEN greatest(p.timeline_until, coalesce(i.told_at,
                (extract(epoch FROM clock_timestamp()) * 1000)::bigint)) END
            FROM unnest(?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                ?::bigint[], ?::int[], ?::bigint[], ?::boolean[])
              AS i(id, state, expires_at, close_requested_at, pay_url, pay_params, problem, channel_trade_no, paid_at, amount_paid,
                raised, told_at, is_final)
            WHERE p.id = i.id
            """;

    private static final String CANCEL_QUERIES = CodedSql.of("""
            WITH waiting AS (
              SELECT id FROM delivery WHERE id = ANY (?::bigint[]) AND state = {DeliveryState.WAITING}
              ORDER BY id FOR UPDATE
            )
            UPDATE delivery d SET state = {DeliveryState.CANCELLED}, wake_number = d.wake_number + 1,
              wake_location = {WakeLocation.QUEUED}, next_attempt_at = NULL, holds_order = false,
              settled_at = coalesce(i.at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
            FROM waiting w JOIN unnest(?::bigint[], ?::bigint[]) AS i(id, at) ON i.id = w.id
            WHERE d.id = w.id
            """);

    /** The merchant is looked up per row: a join, planned while the table was small, would read all of it once it has grown. */
    static final String INSERT_EVENT = "INSERT INTO payment_event (" + PaymentRows.EVENT + """
            , merchant_id)
            SELECT i.*, (SELECT p.merchant_id FROM payment p WHERE p.id = i.payment_id)
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::text[])
              AS i(id, payment_id, refund_id, at, source, state, detail, answer)
            """;

    private static final String TALLY = """
            INSERT INTO payment_count (slot, state, n)
            SELECT %s, state, by FROM unnest(?::int[], ?::bigint[]) AS i(state, by)
            ON CONFLICT (slot, state) DO UPDATE SET n = payment_count.n + excluded.n
            """.formatted(StateCounters.SLOT);

    private static final String INSERT_EVENTS_AND_COUNT = "WITH events AS (" + INSERT_EVENT + ") " + TALLY;

    private PaymentChangeWriter() {}

    static List<CreateResult> create(Connection connection, List<NewPayment> batch) throws SQLException {
        Set<Long> stored = store(connection, batch);
        List<NewPayment> fresh =
                batch.stream().filter(n -> stored.contains(id(n))).toList();
        List<NewPayment> refused =
                batch.stream().filter(n -> !stored.contains(id(n))).toList();
        Map<Long, CreateResult> answers = firsts(connection, refused);
        accept(connection, fresh.stream().map(NewPayment::query).toList());
        return batch.stream()
                .map(n -> stored.contains(id(n))
                        ? new CreateResult.Stored()
                        : Objects.requireNonNull(answers.get(id(n)), "payments are never deleted"))
                .toList();
    }

    private static long id(NewPayment n) {
        return n.payment().id().value();
    }

    /** Inserting a used order number waits for the transaction that used it first, so numbers are always inserted in the same order. */
    private static Set<Long> store(Connection connection, List<NewPayment> batch) throws SQLException {
        List<NewPayment> rows = batch.stream()
                .sorted(Comparator.comparing(
                                (NewPayment n) -> n.payment().order().outTradeNo())
                        .thenComparing(n -> n.payment().order().merchantId()))
                .toList();
        List<Payment> payments = rows.stream().map(NewPayment::payment).toList();
        List<Payment.Order> orders = payments.stream().map(Payment::order).toList();
        List<PaymentEvent> events = rows.stream().map(NewPayment::event).toList();
        return new HashSet<>(PostgresDatabase.rows(
                connection,
                CREATE,
                p -> {
                    p.longs(payments, it -> it.id().value())
                            .longs(orders, o -> o.merchantId().value())
                            .texts(orders, Payment.Order::outTradeNo)
                            .longs(orders, o -> o.amount().value())
                            .texts(orders, o -> o.amount().currency().getCurrencyCode())
                            .texts(orders, Payment.Order::subject)
                            .texts(orders, Payment.Order::channel)
                            .texts(orders, Payment.Order::notifyUrl)
                            .texts(orders, o -> o.ladder().compact())
                            .texts(orders, Payment.Order::ladderName)
                            .texts(orders, Payment.Order::channelOptions)
                            .ints(orders, o -> o.checkout().method().code())
                            .texts(orders, o -> o.checkout().returnUrl())
                            .texts(orders, o -> o.checkout().payerIp())
                            .texts(orders, o -> o.checkout().payerId())
                            .texts(orders, o -> o.checkout().attach())
                            .texts(orders, PaymentChangeWriter::subMerchant)
                            .texts(orders, PaymentChangeWriter::trace)
                            .longs(payments, it -> it.queryId().value())
                            .ints(payments, it -> it.state().code())
                            .longs(payments, it -> it.createdAt().toEpochMilli());
                    moving(p, payments)
                            .ints(payments, Payment::version)
                            .longs(payments, it -> it.funds().paid())
                            .byteses(rows, NewPayment::requestDigest);
                    eventParameters(p, events);
                },
                row -> row.getLong(1)));
    }

    private static @Nullable String subMerchant(Payment.Order order) {
        return order.subMerchant() == null ? null : order.subMerchant().text();
    }

    private static @Nullable String trace(Payment.Order order) {
        return order.trace() == null ? null : order.trace().text();
    }

    /** The mutable columns except the state, in the order of both statements. */
    private static Parameters moving(Parameters p, List<Payment> payments) throws SQLException {
        return p.longs(payments, it -> it.expiresAt().toEpochMilli())
                .longsOrNull(payments, it -> NullableColumns.millis(it.closeRequestedAt()))
                .texts(payments, it -> it.access().url())
                .texts(payments, it -> it.access().params())
                .texts(payments, it -> it.access().problem())
                .texts(payments, Payment::channelTradeNo)
                .longsOrNull(payments, it -> NullableColumns.millis(it.paidAt()));
    }

    /** Reads the payments that first used these order numbers. */
    private static Map<Long, CreateResult> firsts(Connection connection, List<NewPayment> refused) throws SQLException {
        if (refused.isEmpty()) {
            return Map.of();
        }
        List<Payment.Order> orders =
                refused.stream().map(n -> n.payment().order()).toList();
        Map<Long, CreateResult> answers = new HashMap<>();
        PostgresDatabase.rows(
                connection,
                FIRST,
                p -> p.texts(orders, Payment.Order::outTradeNo)
                        .longs(orders, o -> o.merchantId().value())
                        .longs(refused, PaymentChangeWriter::id)
                        .texts(orders, Payment.Order::outTradeNo)
                        .longs(orders, o -> o.merchantId().value())
                        .byteses(refused, NewPayment::requestDigest),
                row -> {
                    Payment first = PaymentRows.payment(row);
                    return answers.put(
                            row.getLong("asked_id"),
                            row.getBoolean("is_same")
                                    ? new CreateResult.Repeated(first)
                                    : new CreateResult.Conflicting(first));
                });
        return answers;
    }

    static List<Boolean> change(Connection connection, List<Change> batch) throws SQLException {
        Set<Long> unmoved = lock(connection, batch);
        List<Boolean> written = batch.stream()
                .map(c -> unmoved.contains(c.before().id().value()))
                .toList();
        List<Change> valid = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            if (written.get(i)) {
                valid.add(batch.get(i));
            }
        }
        write(connection, valid);
        return written;
    }

    private static Set<Long> lock(Connection connection, List<Change> batch) throws SQLException {
        List<Payment> befores = batch.stream().map(Change::before).toList();
        return new HashSet<>(PostgresDatabase.rows(
                connection,
                LOCK,
                p -> p.longs(befores, it -> it.id().value()).ints(befores, Payment::version),
                row -> row.getLong(1)));
    }

    private static void write(Connection connection, List<Change> valid) throws SQLException {
        move(
                connection,
                valid.stream()
                        .filter(c -> c.changesPayment() || c.after().state().isFinal())
                        .toList());
        cancelQueries(connection, endedQueries(valid));
        DiscrepancyWriter.report(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.discrepancy())).toList());
        CallbackWriter.keep(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.callback())).toList(),
                null);
        accept(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.notification())).toList());
        insertEventsAndCount(
                connection,
                valid.stream().flatMap(c -> c.events().stream()).toList(),
                valid.stream().filter(Change::changesPayment).toList());
    }

    private static void move(Connection connection, List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        List<Payment> afters = changes.stream().map(Change::after).toList();
        PostgresDatabase.change(connection, MOVE, p -> {
            p.longs(afters, it -> it.id().value()).ints(afters, it -> it.state().code());
            moving(p, afters)
                    .longs(afters, it -> it.funds().paid())
                    .ints(changes, c -> c.changesPayment() ? 1 : 0)
                    .longsOrNull(changes, PaymentChangeWriter::addedAt)
                    .flags(afters, it -> it.state().isFinal());
        });
    }

    private static @Nullable Long addedAt(Change change) {
        return change.addedAt().map(Instant::toEpochMilli).orElse(null);
    }

    /**
     * Ends queries that are no longer needed.
     *
     * @param ending when each ended, epoch milliseconds; null: now
     */
    static void cancelQueries(Connection connection, Map<NotificationId, @Nullable Long> ending) throws SQLException {
        if (ending.isEmpty()) {
            return;
        }
        List<NotificationId> ids = List.copyOf(ending.keySet());
        PostgresDatabase.change(
                connection,
                CANCEL_QUERIES,
                p -> p.longs(ids, NotificationId::value)
                        .longs(ids, NotificationId::value)
                        .longsOrNull(ids, ending::get));
    }

    private static Map<NotificationId, @Nullable Long> endedQueries(List<Change> valid) {
        Map<NotificationId, @Nullable Long> ended = new LinkedHashMap<>();
        valid.stream()
                .filter(Change::becomesFinal)
                .forEach(c -> ended.put(c.after().queryId(), addedAt(c)));
        return ended;
    }

    static void insertEvents(Connection connection, List<PaymentEvent> events) throws SQLException {
        if (!events.isEmpty()) {
            PostgresDatabase.change(connection, INSERT_EVENT, p -> eventParameters(p, events));
        }
    }

    private static Parameters eventParameters(Parameters p, List<PaymentEvent> events) throws SQLException {
        return p.longs(events, PaymentEvent::id)
                .longs(events, e -> e.payment().value())
                .longsOrNull(events, e -> e.refund() == null ? null : e.refund().value())
                .longs(events, e -> e.at().toEpochMilli())
                .ints(events, e -> e.source().code())
                .intsOrNull(events, e -> e.state() == null ? null : e.state().code())
                .texts(events, PaymentEvent::detail)
                .texts(events, PaymentEvent::answer);
    }

    static void accept(Connection connection, List<NewNotification> notifications) throws SQLException {
        if (!notifications.isEmpty()) {
            NotificationInserts.accept(connection, notifications);
        }
    }

    /** The counters come last, and are not held while another statement runs. */
    private static void insertEventsAndCount(Connection connection, List<PaymentEvent> events, List<Change> moving)
            throws SQLException {
        Map<PaymentState, Long> sums = new EnumMap<>(PaymentState.class);
        for (Change change : moving) {
            sums.merge(change.before().state(), -1L, Long::sum);
            sums.merge(change.after().state(), 1L, Long::sum);
        }
        List<Map.Entry<PaymentState, Long>> rows =
                sums.entrySet().stream().filter(m -> m.getValue() != 0).toList();
        if (rows.isEmpty()) {
            insertEvents(connection, events);
        } else {
            PostgresDatabase.change(
                    connection,
                    INSERT_EVENTS_AND_COUNT,
                    p -> eventParameters(p, events)
                            .ints(rows, m -> m.getKey().code())
                            .longs(rows, Map.Entry::getValue));
        }
    }
}
