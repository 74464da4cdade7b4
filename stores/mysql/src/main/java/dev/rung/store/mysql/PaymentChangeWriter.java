package dev.rung.store.mysql;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.store.common.DeliveryRow;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.PaymentRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates payments and applies transitions, each with its consequences, within a transaction.
 *
 * <p>Rows are always locked in the same order to prevent deadlocks: payments, queries, discrepancies, callbacks, new rows, and the counters
 * last; each in key order.
 */
final class PaymentChangeWriter {
    private static final String INTO = "INSERT INTO payment (" + PaymentRows.PAYMENT + ", request_digest)";
    private static final String ROW =
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String FIRST = "SELECT " + PaymentRows.PAYMENT_READ + ", request_digest FROM payment WHERE ";
    private static final String NUMBER = "out_trade_no = ? AND merchant_id = ?";

    /** A statement looks up this many numbers. */
    private static final int NUMBERS_MAX = 250;

    /** How often an insert is repeated if another transaction has just used one of its numbers. */
    private static final int ROUNDS_MAX = 20;

    private static final String LOCK =
            "SELECT id, version FROM payment FORCE INDEX (PRIMARY) WHERE id IN (%s) ORDER BY id FOR UPDATE";

    private static final String MOVE = """
            UPDATE payment
               SET state = ?, expires_at = ?, close_requested_at = ?, pay_url = ?, pay_params = ?, problem = ?, channel_trade_no = ?, paid_at = ?, amount_paid = ?,
                   version = version + ?, timeline_until = CASE WHEN ? THEN greatest(coalesce(timeline_until, 0), ?) END
             WHERE id = ?
            """;

    private static final String EVENT_INTO = "INSERT INTO payment_event (" + PaymentRows.EVENT + ", merchant_id)";
    private static final String EVENT_ROW =
            "(?, ?, ?, ?, ?, ?, ?, ?, (SELECT p.merchant_id FROM payment p WHERE p.id = ?))";

    private static final String TALLY_INTO = "INSERT INTO payment_count (slot, state, n)";
    private static final String TALLY_ROW = "(" + StateCounters.SLOT + ", ?, ?)";
    private static final String TALLY_ADD = " ON DUPLICATE KEY UPDATE n = n + VALUES(n)";

    private PaymentChangeWriter() {}

    /** A merchant's order number. */
    private record OrderNumber(String outTradeNo, MerchantId merchant) {
        static OrderNumber of(Payment payment) {
            return new OrderNumber(payment.order().outTradeNo(), payment.order().merchantId());
        }
    }

    /** The payment that first used a number, with the digest of its request. */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by its bytes
    private record First(Payment payment, byte[] digest) {
        boolean is(NewPayment n) {
            return payment.id().equals(n.payment().id());
        }

        CreateResult answer(NewPayment n) {
            return Arrays.equals(digest, n.requestDigest())
                    ? new CreateResult.Repeated(payment)
                    : new CreateResult.Conflicting(payment);
        }
    }

    static List<CreateResult> create(Connection connection, List<NewPayment> batch) throws SQLException {
        MySqlDatabase.execute(connection, "SAVEPOINT create_payments");
        for (int round = 1; true; round++) {
            Map<OrderNumber, First> firsts = firsts(connection, batch);
            for (NewPayment n : batch) {
                firsts.putIfAbsent(OrderNumber.of(n.payment()), new First(n.payment(), n.requestDigest()));
            }
            List<NewPayment> fresh = batch.stream()
                    .filter(n -> first(firsts, n).is(n))
                    .sorted(BY_NUMBER)
                    .toList();
            try {
                MySqlDatabase.insert(
                        connection,
                        INTO,
                        ROW,
                        fresh.stream().map(PaymentChangeWriter::values).toList());
            } catch (SQLException e) {
                if (MySqlDatabase.isDuplicate(e) && !MySqlDatabase.isIdTaken(e) && round < ROUNDS_MAX) {
                    // Another transaction has just used one of the numbers.
                    MySqlDatabase.execute(connection, "ROLLBACK TO SAVEPOINT create_payments");
                    continue;
                }
                throw e;
            }
            insertEvents(connection, fresh.stream().map(NewPayment::event).toList());
            accept(connection, fresh.stream().map(NewPayment::query).toList());
            tally(connection, fresh.stream().map(n -> Map.entry(n.payment().state(), 1L)));
            return batch.stream()
                    .map(n -> first(firsts, n).is(n)
                            ? new CreateResult.Stored()
                            : first(firsts, n).answer(n))
                    .toList();
        }
    }

    private static First first(Map<OrderNumber, First> firsts, NewPayment n) {
        return Objects.requireNonNull(firsts.get(OrderNumber.of(n.payment())));
    }

    /** Numbers are always inserted in this order, so that two batches wait for each other in one direction. */
    private static final Comparator<NewPayment> BY_NUMBER = Comparator.comparing(
                    (NewPayment n) -> n.payment().order().outTradeNo())
            .thenComparing(n -> n.payment().order().merchantId());

    /** The payments that used these numbers before. */
    private static Map<OrderNumber, First> firsts(Connection connection, List<NewPayment> batch) throws SQLException {
        List<OrderNumber> numbers =
                batch.stream().map(n -> OrderNumber.of(n.payment())).distinct().toList();
        Map<OrderNumber, First> firsts = new HashMap<>();
        for (int from = 0; from < numbers.size(); from += NUMBERS_MAX) {
            List<OrderNumber> some = numbers.subList(from, Math.min(numbers.size(), from + NUMBERS_MAX));
            MySqlDatabase.rows(
                            connection,
                            FIRST + String.join(" OR ", Collections.nCopies(some.size(), NUMBER)),
                            p -> {
                                for (OrderNumber number : some) {
                                    p.text(number.outTradeNo).number(number.merchant.value());
                                }
                            },
                            row -> new First(PaymentRows.payment(row), row.getBytes("request_digest")))
                    .forEach(first -> firsts.put(OrderNumber.of(first.payment), first));
        }
        return firsts;
    }

    private static @Nullable Object[] values(NewPayment n) {
        Payment payment = n.payment();
        Payment.Order order = payment.order();
        Payment.Checkout checkout = order.checkout();
        return new @Nullable Object[] {
            payment.id().value(),
            order.merchantId().value(),
            order.outTradeNo(),
            order.amount().value(),
            order.amount().currency().getCurrencyCode(),
            order.subject(),
            order.channel(),
            order.notifyUrl(),
            order.ladder().compact(),
            order.ladderName(),
            order.channelOptions(),
            checkout.method().code(),
            checkout.returnUrl(),
            checkout.payerIp(),
            checkout.payerId(),
            checkout.attach(),
            order.subMerchant() == null ? null : order.subMerchant().text(),
            order.trace() == null ? null : order.trace().text(),
            payment.queryId().value(),
            payment.state().code(),
            payment.createdAt().toEpochMilli(),
            payment.expiresAt().toEpochMilli(),
            NullableColumns.millis(payment.closeRequestedAt()),
            payment.access().url(),
            payment.access().params(),
            payment.access().problem(),
            payment.channelTradeNo(),
            NullableColumns.millis(payment.paidAt()),
            payment.version(),
            payment.funds().paid(),
            n.requestDigest()
        };
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
        Map<Long, Integer> versions = new HashMap<>();
        MySqlDatabase.rows(
                connection,
                MySqlDatabase.withIds(
                        LOCK, batch.stream().map(c -> c.before().id().value()).toList()),
                p -> {},
                row -> versions.put(row.getLong("id"), row.getInt("version")) == null);
        return batch.stream()
                .map(Change::before)
                .filter(before -> Objects.equals(versions.get(before.id().value()), before.version()))
                .map(before -> before.id().value())
                .collect(Collectors.toSet());
    }

    private static void write(Connection connection, List<Change> valid) throws SQLException {
        List<Change> moving = valid.stream().filter(Change::changesPayment).toList();
        move(
                connection,
                valid.stream()
                        .filter(c -> c.changesPayment() || c.after().state().isFinal())
                        .toList());
        cancelQueries(connection, valid.stream().filter(Change::becomesFinal).toList());
        DiscrepancyWriter.report(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.discrepancy())).toList());
        CallbackWriter.keep(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.callback())).toList(),
                null);
        insertEvents(
                connection, valid.stream().flatMap(c -> c.events().stream()).toList());
        accept(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.notification())).toList());
        tally(
                connection,
                moving.stream()
                        .flatMap(c -> Stream.of(
                                Map.entry(c.before().state(), -1L),
                                Map.entry(c.after().state(), 1L))));
    }

    private static void move(Connection connection, List<Change> changes) throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>(changes.size());
        for (Change c : changes) {
            Payment after = c.after();
            rows.add(new @Nullable Object[] {
                after.state().code(),
                after.expiresAt().toEpochMilli(),
                NullableColumns.millis(after.closeRequestedAt()),
                after.access().url(),
                after.access().params(),
                after.access().problem(),
                after.channelTradeNo(),
                NullableColumns.millis(after.paidAt()),
                after.funds().paid(),
                c.changesPayment() ? 1 : 0,
                after.state().isFinal(),
                addedAt(connection, c),
                after.id().value()
            });
        }
        MySqlDatabase.changeEach(connection, MOVE, rows);
    }

    private static long addedAt(Connection connection, Change change) throws SQLException {
        Instant at = change.addedAt().orElse(null);
        return at != null
                ? at.toEpochMilli()
                : MySqlDatabase.rows(connection, MySqlNotificationStore.NOW, p -> {}, row -> row.getLong(1))
                        .getFirst();
    }

    /** Ends queries that are no longer needed. */
    private static void cancelQueries(Connection connection, List<Change> ending) throws SQLException {
        Map<NotificationId, Long> queries = new HashMap<>();
        for (Change c : ending) {
            queries.put(c.after().queryId(), addedAt(connection, c));
        }
        cancelQueries(connection, queries);
    }

    static void cancelQueries(Connection connection, Map<NotificationId, Long> queries) throws SQLException {
        List<DeliveryRow> cancelled = new ArrayList<>();
        for (DeliveryRow row :
                LockedDeliveries.lock(connection, queries.keySet()).values()) {
            if (row.state == DeliveryState.WAITING) {
                row.cancel(Objects.requireNonNull(queries.get(row.id)));
                cancelled.add(row);
            }
        }
        LockedDeliveries.save(connection, cancelled);
    }

    static void insertEvents(Connection connection, List<PaymentEvent> events) throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>(events.size());
        for (PaymentEvent e : events) {
            rows.add(new @Nullable Object[] {
                e.id(),
                e.payment().value(),
                e.refund() == null ? null : e.refund().value(),
                e.at().toEpochMilli(),
                e.source().code(),
                e.state() == null ? null : e.state().code(),
                e.detail(),
                e.answer(),
                e.payment().value()
            });
        }
        MySqlDatabase.insert(connection, EVENT_INTO, EVENT_ROW, rows);
    }

    static void accept(Connection connection, List<NewNotification> notifications) throws SQLException {
        if (!notifications.isEmpty()) {
            NotificationInserts.accept(connection, notifications);
        }
    }

    /** Adds to the counters of payments by state. */
    static void tally(Connection connection, Stream<Map.Entry<PaymentState, Long>> moved) throws SQLException {
        Map<PaymentState, Long> sums = new EnumMap<>(PaymentState.class);
        moved.forEach(m -> sums.merge(m.getKey(), m.getValue(), Long::sum));
        MySqlDatabase.insert(
                connection,
                TALLY_INTO,
                TALLY_ROW,
                TALLY_ADD,
                sums.entrySet().stream()
                        .filter(m -> m.getValue() != 0)
                        .map(m -> new @Nullable Object[] {m.getKey().code(), m.getValue()})
                        .toList());
    }
}
