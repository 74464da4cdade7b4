package dev.rung.store.sqlite;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.PaymentRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates payments and applies transitions, each with its consequences. */
final class PaymentChangeWriter {
    private static final String INSERT = "INSERT INTO payment (" + PaymentRows.PAYMENT + """
            , request_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (out_trade_no, merchant_id) DO NOTHING""";
    private static final String FIRST = "SELECT " + PaymentRows.PAYMENT_READ + ", request_digest"
            + " FROM payment WHERE out_trade_no = ? AND merchant_id = ?";
    private static final String VERSION = "SELECT version FROM payment WHERE id = ?";
    private static final String MOVE = """
            UPDATE payment
               SET state = ?, expires_at = ?, close_requested_at = ?, pay_url = ?, pay_params = ?, problem = ?,
                   channel_trade_no = ?, paid_at = ?, amount_paid = ?, version = version + 1
             WHERE id = ?""";
    private static final String TIMELINE_CHANGED =
            "UPDATE payment SET timeline_until = max(coalesce(timeline_until, 0), ?) WHERE id = ?";
    private static final String INSERT_EVENT = "INSERT INTO payment_event (" + PaymentRows.EVENT + """
            , merchant_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT merchant_id FROM payment WHERE id = ?2))""";

    private PaymentChangeWriter() {}

    static List<CreateResult> create(WriteTransaction tx, List<NewPayment> batch) throws SQLException {
        List<CreateResult> answers = new ArrayList<>(batch.size());
        List<NewNotification> queries = new ArrayList<>(batch.size());
        for (NewPayment each : batch) {
            if (tx.session.update(INSERT, values(each)) == 1) {
                Payment payment = each.payment();
                tx.given(payment.id().value());
                tx.count(payment.state(), 1);
                insertEvents(tx, List.of(each.event()));
                queries.add(each.query());
                answers.add(new CreateResult.Stored());
            } else {
                answers.add(again(tx, each));
            }
        }
        NotificationInserts.accept(tx, queries);
        return answers;
    }

    private static @Nullable Object[] values(NewPayment n) {
        Payment p = n.payment();
        Payment.Order order = p.order();
        Payment.Checkout checkout = order.checkout();
        Money amount = order.amount();
        return new @Nullable Object[] {
            p.id().value(),
            order.merchantId().value(),
            order.outTradeNo(),
            amount.value(),
            amount.currency().getCurrencyCode(),
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
            p.queryId().value(),
            p.state().code(),
            p.createdAt().toEpochMilli(),
            p.expiresAt().toEpochMilli(),
            NullableColumns.millis(p.closeRequestedAt()),
            p.access().url(),
            p.access().params(),
            p.access().problem(),
            p.channelTradeNo(),
            NullableColumns.millis(p.paidAt()),
            p.version(),
            p.funds().paid(),
            n.requestDigest()
        };
    }

    /** The merchant has used this order number before. */
    private static CreateResult again(WriteTransaction tx, NewPayment n) throws SQLException {
        Payment.Order order = n.payment().order();
        return Objects.requireNonNull(tx.session.<CreateResult>first(
                FIRST,
                r -> Arrays.equals(r.getBytes("request_digest"), n.requestDigest())
                        ? new CreateResult.Repeated(PaymentRows.payment(r))
                        : new CreateResult.Conflicting(PaymentRows.payment(r)),
                order.outTradeNo(),
                order.merchantId().value()));
    }

    /** Writes each change whose payment still has its version; returns which were written. */
    static List<Boolean> change(WriteTransaction tx, List<Change> batch, long now) throws SQLException {
        List<Boolean> written = new ArrayList<>(batch.size());
        List<NewNotification> notifications = new ArrayList<>();
        for (Change change : batch) {
            boolean unmoved =
                    change.before().version() == version(tx, change.before().id());
            written.add(unmoved);
            if (unmoved) {
                write(tx, change, now);
                if (change.notification() != null) {
                    notifications.add(change.notification());
                }
            }
        }
        NotificationInserts.accept(tx, notifications);
        return written;
    }

    private static int version(WriteTransaction tx, PaymentId id) throws SQLException {
        Integer version = tx.session.first(VERSION, r -> r.getInt(1), id.value());
        return version == null ? -1 : version;
    }

    private static void write(WriteTransaction tx, Change change, long now) throws SQLException {
        Payment after = change.after();
        long at = change.addedAt().map(Instant::toEpochMilli).orElse(now);
        if (change.changesPayment()) {
            move(tx, after);
            tx.count(change.before().state(), -1);
            tx.count(after.state(), 1);
        }
        if (after.state().isFinal()) {
            tx.session.update(TIMELINE_CHANGED, at, after.id().value());
        }
        if (change.becomesFinal()) {
            cancel(tx, after.queryId(), at);
        }
        insertEvents(tx, change.events());
        if (change.callback() != null) {
            CallbackWriter.keep(tx, change.callback(), null);
        }
        if (change.discrepancy() != null) {
            DiscrepancyWriter.report(tx, List.of(change.discrepancy()));
        }
    }

    private static void move(WriteTransaction tx, Payment to) throws SQLException {
        tx.session.update(
                MOVE,
                to.state().code(),
                to.expiresAt().toEpochMilli(),
                NullableColumns.millis(to.closeRequestedAt()),
                to.access().url(),
                to.access().params(),
                to.access().problem(),
                to.channelTradeNo(),
                NullableColumns.millis(to.paidAt()),
                to.funds().paid(),
                to.id().value());
    }

    /** Ends the compensating query, which is no longer needed. */
    static void cancel(WriteTransaction tx, NotificationId query, long at) throws SQLException {
        SqliteDeliveryRow row = tx.load(query);
        if (row != null && row.state == DeliveryState.WAITING) {
            row.cancel(at);
            tx.save(row);
        }
    }

    static void insertEvents(WriteTransaction tx, List<PaymentEvent> events) throws SQLException {
        for (PaymentEvent e : events) {
            tx.given(e.id());
            tx.session.update(
                    INSERT_EVENT,
                    e.id(),
                    e.payment().value(),
                    e.refund() == null ? null : e.refund().value(),
                    e.at().toEpochMilli(),
                    e.source().code(),
                    e.state() == null ? null : e.state().code(),
                    e.detail(),
                    e.answer());
        }
    }
}
