package dev.rung.store.sqlite;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.port.StoreException;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundId;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.RefundStore;
import dev.rung.store.common.PaymentRows;
import dev.rung.store.common.RefundRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Refunds in SQLite. Thread-safe. */
final class SqliteRefundStore implements RefundStore {
    private static final String PAYMENT = "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ?";
    private static final String COUNT = RefundRows.countWith("max");

    private final SqliteDatabase database;

    SqliteRefundStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public List<CreateResult> create(List<NewRefund> batch) {
        return write(tx -> {
            List<CreateResult> results = new ArrayList<>(batch.size());
            for (NewRefund item : batch) {
                results.add(create(tx, item));
            }
            return results;
        });
    }

    private static CreateResult create(WriteTransaction tx, NewRefund item) throws SQLException {
        Refund refund = item.refund();
        CreateResult again = again(tx, item);
        if (again != null) {
            if (item.callback() != null) {
                CallbackWriter.keep(tx, item.callback(), null);
            }
            return again;
        }
        Payment payment = Objects.requireNonNull(tx.session.first(
                PAYMENT, PaymentRows::payment, refund.terms().payment().value()));
        boolean exceeding = refund.terms().amount().value() > payment.funds().refundable();
        if (exceeding && !refund.state().isFinal()) {
            return new CreateResult.Exceeding(payment);
        }
        if (tx.session.update(RefundRows.INSERT_IF_NEW, RefundRows.all(item)) == 0) {
            throw StoreException.idTaken(new SQLException("the id of a refund is in use"));
        }
        tx.given(refund.id().value());
        count(tx, null, refund, item.event().at());
        PaymentChangeWriter.insertEvents(tx, List.of(item.event()));
        if (item.callback() != null) {
            CallbackWriter.keep(tx, item.callback(), null);
        }
        if (exceeding && item.ifExceeding() != null) {
            DiscrepancyWriter.report(tx, List.of(item.ifExceeding()));
        }
        accept(tx, item.query(), item.notification());
        return new CreateResult.Stored();
    }

    /** What the number was first used for; null if it is new. */
    private static @Nullable CreateResult again(WriteTransaction tx, NewRefund item) throws SQLException {
        Refund.Terms terms = item.refund().terms();
        SqliteSession.Mapper<CreateResult> compared =
                r -> Arrays.equals(r.getBytes("request_digest"), item.requestDigest())
                        ? new CreateResult.Repeated(RefundRows.refund(r))
                        : new CreateResult.Conflicting(RefundRows.refund(r));
        return terms.channelNumber() == null
                ? tx.session.first(
                        RefundRows.FIND_BY_NUMBER,
                        compared,
                        terms.outRefundNo(),
                        terms.merchantId().value())
                : tx.session.first(
                        RefundRows.FIND_CHANNEL_MADE,
                        compared,
                        terms.channelNumber(),
                        terms.payment().value());
    }

    private static void count(WriteTransaction tx, @Nullable Refund before, Refund after, Instant eventAt)
            throws SQLException {
        tx.session.update(COUNT, RefundRows.count(before, after, eventAt.toEpochMilli()));
    }

    private static void accept(WriteTransaction tx, @Nullable NewNotification... notifications) throws SQLException {
        NotificationInserts.accept(
                tx, Stream.of(notifications).flatMap(Stream::ofNullable).toList());
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return write(tx -> {
            List<Boolean> written = new ArrayList<>(batch.size());
            for (Change change : batch) {
                written.add(change(tx, change));
            }
            return written;
        });
    }

    private static boolean change(WriteTransaction tx, Change change) throws SQLException {
        Refund before = change.before();
        Refund after = change.after();
        Refund stored = tx.session.first(
                RefundRows.FIND, RefundRows::refund, before.id().value());
        if (stored == null || stored.version() != before.version()) {
            return false;
        }
        if (change.changesRefund()) {
            tx.session.update(RefundRows.CHANGE, RefundRows.change(before, after));
        }
        Instant eventAt = change.addedAt().orElse(Instant.EPOCH);
        count(tx, before, after, eventAt);
        if (change.becomesFinal() && before.queryId() != null) {
            PaymentChangeWriter.cancel(tx, before.queryId(), eventAt.toEpochMilli());
        }
        PaymentChangeWriter.insertEvents(tx, change.events());
        if (change.callback() != null) {
            CallbackWriter.keep(tx, change.callback(), null);
        }
        if (change.discrepancy() != null) {
            DiscrepancyWriter.report(tx, List.of(change.discrepancy()));
        }
        DiscrepancyId reopened = change.reopens().orElse(null);
        if (reopened != null) {
            DiscrepancyWriter.reopen(tx, reopened, before.terms().payment());
        }
        accept(tx, change.notification());
        return true;
    }

    @Override
    public Optional<Refund> find(RefundId id) {
        return first(RefundRows.FIND, id.value());
    }

    @Override
    public Optional<Refund> find(MerchantId merchant, String outRefundNo) {
        return first(RefundRows.FIND_BY_NUMBER, outRefundNo, merchant.value());
    }

    @Override
    public Optional<Refund> findChannelMade(PaymentId payment, String channelNumber) {
        return first(RefundRows.FIND_CHANNEL_MADE, channelNumber, payment.value());
    }

    private Optional<Refund> first(String sql, @Nullable Object... values) {
        return Optional.ofNullable(
                database.<@Nullable Refund>read(session -> session.first(sql, RefundRows::refund, values)));
    }

    @Override
    public List<Refund> refunded(String channel, Instant from, Instant to, @Nullable RefundId after, int limit) {
        return database.browse(session -> session.list(
                RefundRows.REFUNDED,
                RefundRows::refund,
                channel,
                from.toEpochMilli(),
                to.toEpochMilli(),
                after == null ? 0 : after.value(),
                limit));
    }

    @Override
    public Page<Refund, RefundId> list(PaymentId payment, @Nullable RefundId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<Refund> found = database.browse(
                session -> session.list(RefundRows.LIST, RefundRows::refund, payment.value(), below, limit + 1));
        return Page.of(found, limit, Refund::id);
    }

    @Override
    public boolean hasOpen(String channel) {
        return !database.browse(session -> session.list(RefundRows.OPEN, r -> r.getInt(1), channel))
                .isEmpty();
    }

    private <T> T write(SqliteDatabase.WriteJob<T> writing) {
        return SqlitePaymentStore.write(database, writing);
    }
}
