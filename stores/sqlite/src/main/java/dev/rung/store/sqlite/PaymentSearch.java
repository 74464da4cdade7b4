package dev.rung.store.sqlite;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.PaymentIndex;
import dev.rung.store.common.PaymentRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a payment list, newest or latest paid first: scans a bounded number of entries of the index that fits the filter best.
 */
final class PaymentSearch {
    /** At worst some tens of milliseconds, during which the write-ahead log cannot be restarted. */
    private static final int CANDIDATES_MAX = 10_000;

    private static final int CHUNK_FIRST = 256;

    private static final String PAID_AT = "SELECT paid_at FROM payment WHERE id = ? AND paid_at IS NOT NULL";

    /** Sources of candidates. */
    enum Source {
        ALL(2, "payment WHERE true"),
        MERCHANT(3, "payment INDEXED BY payment_merchant WHERE merchant_id = ?3"),
        ORDER(4, "payment WHERE out_trade_no = ?4"),
        CHANNEL_TRADE_NO(10, "payment INDEXED BY payment_channel_trade_no WHERE channel_trade_no = ?10"),
        ATTACH(11, "payment INDEXED BY payment_attach WHERE attach = ?11"),
        STATE(6, "payment INDEXED BY payment_state WHERE state <> {PaymentState.SUCCEEDED} AND state = ?6"),
        PAID(8, """
                (SELECT id AS at, paid_at AS paid FROM payment INDEXED BY payment_paid
                  WHERE paid_at IS NOT NULL AND paid_at >= ?7 AND (paid_at, id) < (?8, ?1)
                  ORDER BY paid_at DESC, id DESC LIMIT ?2)""", "", "p.paid_at DESC, p.id DESC");

        private final int parameters;
        /** The entries of an index from a position on. */
        final String entries;

        private final String matches;
        /** The number of entries read, and the last one. */
        private final String lookedAt;

        Source(int parameters, String where) {
            this(
                    parameters,
                    "(SELECT id AS at, 0 AS paid FROM " + where + " AND id < ?1 ORDER BY id DESC LIMIT ?2)",
                    " AND (?7 = 0 OR p.paid_at >= ?7) AND (?8 = 9223372036854775807 OR p.paid_at < ?8)",
                    "p.id DESC");
        }

        /**
         * @param parameters the number of {@link #values} that the entries use
         * @param times the condition on the time of payment, if the entries do not include it
         */
        Source(int parameters, String entries, String times, String order) {
            this.parameters = parameters;
            this.entries = CodedSql.of(entries);
            this.matches = "SELECT " + PaymentRows.PAYMENT_READ + " FROM " + this.entries + """
                     CROSS JOIN payment p ON p.id = at
                     WHERE (?3 IS NULL OR p.merchant_id = ?3) AND (?4 IS NULL OR p.out_trade_no = ?4)
                       AND (?5 IS NULL OR p.channel = ?5) AND (?6 IS NULL OR p.state = ?6)
                       AND (?10 IS NULL OR p.channel_trade_no = ?10) AND (?11 IS NULL OR p.attach = ?11)"""
                    + times + " ORDER BY " + order + " LIMIT ?9";
            this.lookedAt = "SELECT count(*) OVER () AS looked_at, paid, at FROM " + this.entries
                    + " ORDER BY paid, at LIMIT 1";
        }

        static Source of(PaymentFilter filter) {
            return switch (PaymentIndex.of(filter)) {
                case ALL -> ALL;
                case OF_MERCHANT -> MERCHANT;
                case BY_NUMBER -> ORDER;
                case BY_CHANNEL_TRADE_NO -> CHANNEL_TRADE_NO;
                case BY_ATTACH -> ATTACH;
                case BY_STATE -> STATE;
                case BY_TIME_PAID -> PAID;
            };
        }
    }

    private PaymentSearch() {}

    /**
     * A position in a list, which continues below it.
     *
     * @param paidAt time of payment; if the list is not in that order, the upper end of the filter
     */
    private record Place(long paidAt, long id) {
        /** Null at the end of the list. */
        static @Nullable Place of(SqliteSession session, PaymentFilter filter, @Nullable PaymentId before)
                throws SQLException {
            Long to = NullableColumns.millis(filter.paidTo());
            long end = to == null ? Long.MAX_VALUE : to;
            if (!filter.isByTimeOfPayment()) {
                return new Place(end, before == null ? Long.MAX_VALUE : before.value());
            }
            return before == null
                    ? new Place(end, 0)
                    : session.first(
                            PAID_AT,
                            r -> new Place(Math.min(end, r.getLong("paid_at")), before.value()),
                            before.value());
        }
    }

    /** The number of entries read, and the last one. */
    private record LookedAt(int count, Place last) {}

    static Page<Payment, PaymentId> page(
            SqliteSession session, PaymentFilter filter, @Nullable PaymentId before, int limit) throws SQLException {
        Source source = Source.of(filter);
        List<Payment> found = new ArrayList<>();
        Place below = Place.of(session, filter, before);
        int left = CANDIDATES_MAX;
        for (int chunk = CHUNK_FIRST; below != null && left > 0; chunk *= 4) {
            int most = Math.min(chunk, left);
            found.addAll(session.list(
                    source.matches, PaymentRows::payment, values(filter, below, most, limit + 1 - found.size())));
            if (found.size() > limit) {
                List<Payment> full = List.copyOf(found.subList(0, limit));
                return new Page<>(full, full.getLast().id());
            }
            Place from = below;
            LookedAt looked = session.first(
                    source.lookedAt,
                    r -> new LookedAt(
                            r.getInt("looked_at"),
                            new Place(source == Source.PAID ? r.getLong("paid") : from.paidAt, r.getLong("at"))),
                    Arrays.copyOf(values(filter, below, most, 0), source.parameters));
            below = looked == null || looked.count < most ? null : looked.last;
            left -= most;
        }
        return new Page<>(List.copyOf(found), below == null ? null : new PaymentId(below.id));
    }

    private static @Nullable Object[] values(PaymentFilter f, Place below, int most, int room) {
        PaymentState state = f.state();
        Long from = NullableColumns.millis(f.paidFrom());
        return new @Nullable Object[] {
            below.id,
            most,
            f.merchant() == null ? null : f.merchant().value(),
            f.outTradeNo(),
            f.channel(),
            state == null ? null : state.code(),
            from == null ? 0 : from,
            below.paidAt,
            room,
            f.channelTradeNo(),
            f.attach()
        };
    }
}
