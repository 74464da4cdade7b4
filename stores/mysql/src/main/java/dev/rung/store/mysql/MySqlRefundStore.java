package dev.rung.store.mysql;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refunds in MySQL or MariaDB. Thread-safe; several servers may share the database. Every change locks the payment first: refunds of one payment are written one
 * after the other.
 */
final class MySqlRefundStore implements RefundStore {
    private static final String LOCK_PAYMENT =
            "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ? FOR UPDATE";
    private static final String COUNT = RefundRows.countWith("greatest");

    private final MySqlDatabase database;
    private final MySqlDatabase catalog;

    /**
     * @param catalog for searches
     */
    MySqlRefundStore(MySqlDatabase database, MySqlDatabase catalog) {
        this.database = database;
        this.catalog = catalog;
    }

    @Override
    public List<CreateResult> create(List<NewRefund> batch) {
        return database.transaction(connection -> {
            List<CreateResult> results = new ArrayList<>(batch.size());
            for (NewRefund item : batch) {
                results.add(create(connection, item));
            }
            return results;
        });
    }

    private static CreateResult create(Connection connection, NewRefund item) throws SQLException {
        Refund refund = item.refund();
        Payment payment = lock(connection, refund.terms().payment());
        CreateResult again = again(connection, item);
        if (again != null) {
            keepCallback(connection, item.callback());
            return again;
        }
        boolean exceeding = refund.terms().amount().value() > payment.funds().refundable();
        if (exceeding && !refund.state().isFinal()) {
            return new CreateResult.Exceeding(payment);
        }
        if (!MySqlDatabase.insertIfNew(connection, RefundRows.INSERT, p -> p.values(RefundRows.all(item)))) {
            // Another payment's refund has just taken the number, or the id is in use.
            CreateResult taken = again(connection, item);
            if (taken == null) {
                throw StoreException.idTaken(new SQLException("the id of a refund is in use"));
            }
            return taken;
        }
        count(connection, null, refund, item.event().at());
        if (exceeding && item.ifExceeding() != null) {
            DiscrepancyWriter.report(connection, List.of(item.ifExceeding()));
        }
        keepCallback(connection, item.callback());
        PaymentChangeWriter.insertEvents(connection, List.of(item.event()));
        accept(connection, item.query(), item.notification());
        return new CreateResult.Stored();
    }

    private static Payment lock(Connection connection, PaymentId id) throws SQLException {
        return MySqlDatabase.rows(connection, LOCK_PAYMENT, p -> p.number(id.value()), PaymentRows::payment)
                .getFirst();
    }

    /** What the number was first used for; null if it is new. */
    private static @Nullable CreateResult again(Connection connection, NewRefund item) throws SQLException {
        Refund.Terms terms = item.refund().terms();
        MySqlDatabase.Row<CreateResult> compared =
                row -> Arrays.equals(row.getBytes("request_digest"), item.requestDigest())
                        ? new CreateResult.Repeated(RefundRows.refund(row))
                        : new CreateResult.Conflicting(RefundRows.refund(row));
        List<CreateResult> found = terms.channelNumber() == null
                ? MySqlDatabase.rows(
                        connection,
                        RefundRows.FIND_BY_NUMBER,
                        p -> p.text(terms.outRefundNo())
                                .number(terms.merchantId().value()),
                        compared)
                : MySqlDatabase.rows(
                        connection,
                        RefundRows.FIND_CHANNEL_MADE,
                        p -> p.text(terms.channelNumber())
                                .number(terms.payment().value()),
                        compared);
        return found.isEmpty() ? null : found.getFirst();
    }

    private static void count(Connection connection, @Nullable Refund before, Refund after, Instant eventAt)
            throws SQLException {
        MySqlDatabase.change(connection, COUNT, p -> p.values(RefundRows.count(before, after, eventAt.toEpochMilli())));
    }

    private static void keepCallback(Connection connection, @Nullable StoredCallback callback) throws SQLException {
        if (callback != null) {
            CallbackWriter.keep(connection, List.of(callback), null);
        }
    }

    private static void accept(Connection connection, @Nullable NewNotification... notifications) throws SQLException {
        PaymentChangeWriter.accept(
                connection, Stream.of(notifications).flatMap(Stream::ofNullable).toList());
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return database.transaction(connection -> {
            List<Boolean> written = new ArrayList<>(batch.size());
            for (Change change : batch) {
                written.add(change(connection, change));
            }
            return written;
        });
    }

    private static boolean change(Connection connection, Change change) throws SQLException {
        Refund before = change.before();
        Refund after = change.after();
        lock(connection, before.terms().payment());
        List<Refund> stored = MySqlDatabase.rows(
                connection, RefundRows.FIND, p -> p.number(before.id().value()), RefundRows::refund);
        if (stored.isEmpty() || stored.getFirst().version() != before.version()) {
            return false;
        }
        if (change.changesRefund()) {
            MySqlDatabase.change(connection, RefundRows.CHANGE, p -> p.values(RefundRows.change(before, after)));
        }
        Instant eventAt = change.addedAt().orElse(Instant.EPOCH);
        count(connection, before, after, eventAt);
        if (change.becomesFinal() && before.queryId() != null) {
            PaymentChangeWriter.cancelQueries(connection, Map.of(before.queryId(), eventAt.toEpochMilli()));
        }
        if (change.discrepancy() != null) {
            DiscrepancyWriter.report(connection, List.of(change.discrepancy()));
        }
        DiscrepancyId reopened = change.reopens().orElse(null);
        if (reopened != null) {
            DiscrepancyWriter.reopen(connection, reopened, before.terms().payment());
        }
        keepCallback(connection, change.callback());
        PaymentChangeWriter.insertEvents(connection, change.events());
        accept(connection, change.notification());
        return true;
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
