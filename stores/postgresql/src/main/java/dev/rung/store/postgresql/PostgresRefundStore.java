package dev.rung.store.postgresql;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore;
import dev.rung.store.common.PaymentRows;
import dev.rung.store.common.RefundRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refunds in PostgreSQL. Thread-safe; several servers may share the database. Every change locks its payments first, in the order of their ids: refunds of
 * one payment are written one after the other.
 */
final class PostgresRefundStore implements RefundStore {
    private static final String LOCK_PAYMENTS =
            "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ANY (?::bigint[]) ORDER BY id FOR UPDATE";

    private static final String VERSIONS = "SELECT id, version FROM refund WHERE id = ANY (?::bigint[])";

    private static final String COUNT = RefundRows.countWith("greatest");

    private final PostgresDatabase database;
    private final PostgresDatabase catalog;

    /**
     * @param catalog for searches
     */
    PostgresRefundStore(PostgresDatabase database, PostgresDatabase catalog) {
        this.database = database;
        this.catalog = catalog;
    }

    @Override
    public List<CreateResult> create(List<NewRefund> batch) {
        return database.transaction(
                connection -> inRounds(batch, NewRefund::payment, items -> create(connection, items)));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return database.transaction(connection -> inRounds(batch, Change::payment, items -> change(connection, items)));
    }

    /** Work on items of different payments. Returns one result per item, in order. */
    private interface Round<T, R> {
        List<R> on(List<T> items) throws SQLException;
    }

    /** A payment's second item takes part in the second round, which sees what the first one wrote. */
    private static <T, R> List<R> inRounds(List<T> batch, Function<T, PaymentId> payment, Round<T, R> round)
            throws SQLException {
        Map<Integer, R> results = new TreeMap<>();
        while (results.size() < batch.size()) {
            Map<PaymentId, Integer> indexes = new LinkedHashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                if (!results.containsKey(i)) {
                    indexes.putIfAbsent(payment.apply(batch.get(i)), i);
                }
            }
            Iterator<R> done =
                    round.on(indexes.values().stream().map(batch::get).toList()).iterator();
            indexes.values().forEach(i -> results.put(i, done.next()));
        }
        return List.copyOf(results.values());
    }

    private static List<CreateResult> create(Connection connection, List<NewRefund> items) throws SQLException {
        Map<PaymentId, Payment> payments = lock(connection, items, NewRefund::payment);
        Set<NewRefund> exceeding = items.stream()
                .filter(item -> isExceeding(item, Objects.requireNonNull(payments.get(item.payment()))))
                .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
        List<NewRefund> covered = items.stream()
                .filter(item ->
                        !exceeding.contains(item) || item.refund().state().isFinal())
                .toList();
        Set<NewRefund> stored = insert(connection, covered);
        List<CreateResult> results = new ArrayList<>(items.size());
        for (NewRefund item : items) {
            results.add(
                    stored.contains(item)
                            ? new CreateResult.Stored()
                            : refusal(
                                    connection, item, exceeding.contains(item) ? payments.get(item.payment()) : null));
        }
        write(connection, items.stream().filter(stored::contains).toList(), exceeding);
        return results;
    }

    private static boolean isExceeding(NewRefund item, Payment payment) {
        return item.refund().terms().amount().value() > payment.funds().refundable();
    }

    /** Locks the payments of these items, always in the same order. */
    private static <T> Map<PaymentId, Payment> lock(
            Connection connection, List<T> items, Function<T, PaymentId> payment) throws SQLException {
        return PostgresDatabase.rows(
                        connection,
                        LOCK_PAYMENTS,
                        p -> p.longs(items, item -> payment.apply(item).value()),
                        PaymentRows::payment)
                .stream()
                .collect(Collectors.toMap(Payment::id, Function.identity()));
    }

    /** Inserts those whose number is new, always in the same order: a number in use waits for the transaction that used it first. */
    private static Set<NewRefund> insert(Connection connection, List<NewRefund> items) throws SQLException {
        List<NewRefund> rows = items.stream()
                .sorted(Comparator.comparing(
                        (NewRefund n) -> n.refund().terms().outRefundNo(),
                        Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
        int[] inserted = PostgresDatabase.changeEach(
                connection,
                RefundRows.INSERT_IF_NEW,
                rows.stream().map(RefundRows::all).toList());
        Set<NewRefund> stored = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] == 1) {
                stored.add(rows.get(i));
            }
        }
        return stored;
    }

    /** @param exceeded the payment that does not cover the refund; null: its number or its id is in use */
    private static CreateResult refusal(Connection connection, NewRefund item, @Nullable Payment exceeded)
            throws SQLException {
        CreateResult again = again(connection, item);
        if (again != null) {
            StoredCallback callback = item.callback();
            if (callback != null) {
                CallbackWriter.keep(connection, List.of(callback), null);
            }
            return again;
        }
        if (exceeded == null || item.refund().state().isFinal()) {
            throw StoreException.idTaken(new SQLException("the id of a refund is in use"));
        }
        return new CreateResult.Exceeding(exceeded);
    }

    /** What follows from new refunds. */
    private static void write(Connection connection, List<NewRefund> stored, Set<NewRefund> exceeding)
            throws SQLException {
        PostgresDatabase.changeEach(
                connection,
                COUNT,
                stored.stream()
                        .map(n -> RefundRows.count(
                                null, n.refund(), n.event().at().toEpochMilli()))
                        .toList());
        DiscrepancyWriter.report(
                connection,
                stored.stream()
                        .filter(exceeding::contains)
                        .flatMap(n -> Stream.ofNullable(n.ifExceeding()))
                        .toList());
        CallbackWriter.keep(
                connection,
                stored.stream().flatMap(n -> Stream.ofNullable(n.callback())).toList(),
                null);
        PaymentChangeWriter.insertEvents(
                connection, stored.stream().map(NewRefund::event).toList());
        PaymentChangeWriter.accept(
                connection,
                stored.stream()
                        .flatMap(n -> Stream.concat(Stream.ofNullable(n.query()), Stream.ofNullable(n.notification())))
                        .toList());
    }

    /** What the number was first used for; null if it is new. */
    private static @Nullable CreateResult again(Connection connection, NewRefund item) throws SQLException {
        Refund.Terms terms = item.refund().terms();
        PostgresDatabase.Row<CreateResult> compared =
                row -> Arrays.equals(row.getBytes("request_digest"), item.requestDigest())
                        ? new CreateResult.Repeated(RefundRows.refund(row))
                        : new CreateResult.Conflicting(RefundRows.refund(row));
        List<CreateResult> found = terms.channelNumber() == null
                ? PostgresDatabase.rows(
                        connection,
                        RefundRows.FIND_BY_NUMBER,
                        p -> p.text(terms.outRefundNo())
                                .number(terms.merchantId().value()),
                        compared)
                : PostgresDatabase.rows(
                        connection,
                        RefundRows.FIND_CHANNEL_MADE,
                        p -> p.text(terms.channelNumber())
                                .number(terms.payment().value()),
                        compared);
        return found.isEmpty() ? null : found.getFirst();
    }

    private static List<Boolean> change(Connection connection, List<Change> items) throws SQLException {
        lock(connection, items, Change::payment);
        Map<Long, Integer> versions = new HashMap<>();
        PostgresDatabase.rows(
                connection,
                VERSIONS,
                p -> p.longs(items, c -> c.before().id().value()),
                row -> versions.put(row.getLong("id"), row.getInt("version")));
        Predicate<Change> isValid = c ->
                Objects.equals(versions.get(c.before().id().value()), c.before().version());
        write(connection, items.stream().filter(isValid).toList());
        return items.stream().map(isValid::test).toList();
    }

    private static void write(Connection connection, List<Change> valid) throws SQLException {
        PostgresDatabase.changeEach(
                connection,
                RefundRows.CHANGE,
                valid.stream()
                        .filter(Change::changesRefund)
                        .map(c -> RefundRows.change(c.before(), c.after()))
                        .toList());
        PostgresDatabase.changeEach(
                connection,
                COUNT,
                valid.stream()
                        .map(c -> RefundRows.count(
                                c.before(), c.after(), eventAt(c).toEpochMilli()))
                        .toList());
        PaymentChangeWriter.cancelQueries(connection, endedQueries(valid));
        DiscrepancyWriter.report(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.discrepancy())).toList());
        for (Change change : valid) {
            DiscrepancyId reopened = change.reopens().orElse(null);
            if (reopened != null) {
                DiscrepancyWriter.reopen(connection, reopened, change.payment());
            }
        }
        CallbackWriter.keep(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.callback())).toList(),
                null);
        PaymentChangeWriter.insertEvents(
                connection, valid.stream().flatMap(c -> c.events().stream()).toList());
        PaymentChangeWriter.accept(
                connection,
                valid.stream().flatMap(c -> Stream.ofNullable(c.notification())).toList());
    }

    private static Instant eventAt(Change change) {
        return change.addedAt().orElse(Instant.EPOCH);
    }

    private static Map<NotificationId, @Nullable Long> endedQueries(List<Change> valid) {
        Map<NotificationId, @Nullable Long> ended = new LinkedHashMap<>();
        for (Change change : valid) {
            NotificationId query = change.before().queryId();
            if (change.becomesFinal() && query != null) {
                ended.put(query, eventAt(change).toEpochMilli());
            }
        }
        return ended;
    }

    @Override
    public Optional<Refund> find(RefundId id) {
        return database.rows(RefundRows.FIND, p -> p.number(id.value()), RefundRows::refund).stream()
                .findFirst();
    }

    @Override
    public Optional<Refund> find(MerchantId merchant, String outRefundNo) {
        return database
                .rows(RefundRows.FIND_BY_NUMBER, p -> p.text(outRefundNo).number(merchant.value()), RefundRows::refund)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Refund> findChannelMade(PaymentId payment, String channelNumber) {
        return database
                .rows(
                        RefundRows.FIND_CHANNEL_MADE,
                        p -> p.text(channelNumber).number(payment.value()),
                        RefundRows::refund)
                .stream()
                .findFirst();
    }

    @Override
    public boolean hasOpen(String channel) {
        return !catalog.rows(RefundRows.OPEN, p -> p.text(channel), r -> r.getInt(1))
                .isEmpty();
    }

    @Override
    public List<Refund> refunded(String channel, Instant from, Instant to, @Nullable RefundId after, int limit) {
        return catalog.rows(
                RefundRows.REFUNDED,
                p -> p.text(channel)
                        .number(from.toEpochMilli())
                        .number(to.toEpochMilli())
                        .number(after == null ? 0 : after.value())
                        .number(limit),
                RefundRows::refund);
    }

    @Override
    public Page<Refund, RefundId> list(PaymentId payment, @Nullable RefundId before, int limit) {
        List<Refund> found = catalog.rows(
                RefundRows.LIST,
                p -> p.number(payment.value())
                        .number(before == null ? Long.MAX_VALUE : before.value())
                        .number(limit + 1),
                RefundRows::refund);
        return Page.of(found, limit, Refund::id);
    }
}
