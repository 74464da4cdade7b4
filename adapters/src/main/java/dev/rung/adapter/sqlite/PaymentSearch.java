package dev.rung.adapter.sqlite;

import dev.rung.adapter.rows.Cells;
import dev.rung.adapter.rows.PaymentIndex;
import dev.rung.adapter.rows.PaymentRows;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One page of a list of payments, newest first: down the index that fits the filter best, over a bounded number of its entries. */
final class PaymentSearch {
    /** At worst some tens of milliseconds, in which the write-ahead log cannot be rewound. */
    private static final int CANDIDATES_MAX = 10_000;

    private static final int CHUNK_FIRST = 256;

    /** Where candidates come from. */
    private enum Source {
        ALL(2, "payment WHERE true"),
        MERCHANT(3, "payment INDEXED BY payment_merchant WHERE merchant_id = ?3"),
        ORDER(4, "payment WHERE out_trade_no = ?4"),
        STATE(6, "payment INDEXED BY payment_state WHERE state <> 2 AND state = ?6"),
        PAID(8, """
                payment INDEXED BY payment_paid
                 WHERE paid_at IS NOT NULL AND paid_at >= ?7 AND paid_at < ?8 AND (?5 IS NULL OR channel = ?5)""");

        private final int parameters;
        private final String matches;
        private final String lookedAt;

        /**
         * @param parameters how many of {@link #values} it has
         */
        Source(int parameters, String where) {
            this.parameters = parameters;
            String newest = "(SELECT id AS at FROM " + where + " AND id < ?1 ORDER BY id DESC LIMIT ?2)";
            matches = "SELECT " + PaymentRows.PAYMENT + " FROM " + newest + """
                     CROSS JOIN payment p ON p.id = at
                     WHERE (?3 IS NULL OR p.merchant_id = ?3) AND (?4 IS NULL OR p.out_trade_no = ?4)
                       AND (?5 IS NULL OR p.channel = ?5) AND (?6 IS NULL OR p.state = ?6)
                       AND (?7 = 0 OR p.paid_at >= ?7) AND (?8 = 9223372036854775807 OR p.paid_at < ?8)
                     ORDER BY p.id DESC LIMIT ?9""";
            lookedAt = "SELECT count(*), min(at) FROM " + newest;
        }

        static Source of(PaymentFilter filter) {
            return switch (PaymentIndex.of(filter)) {
                case ALL -> ALL;
                case OF_MERCHANT -> MERCHANT;
                case BY_NUMBER -> ORDER;
                case BY_STATE -> STATE;
                case BY_TIME_PAID -> PAID;
            };
        }
    }

    private PaymentSearch() {}

    /** How many were looked at, and the lowest of them. */
    private record LookedAt(int count, long lowest) {}

    static Page<Payment, PaymentId> page(Session session, PaymentFilter filter, @Nullable PaymentId before, int limit)
            throws SQLException {
        Source source = Source.of(filter);
        List<Payment> found = new ArrayList<>();
        long below = before == null ? Long.MAX_VALUE : before.value();
        int left = CANDIDATES_MAX;
        for (int chunk = CHUNK_FIRST; left > 0; chunk *= 4) {
            int most = Math.min(chunk, left);
            found.addAll(session.list(
                    source.matches, PaymentRows::payment, values(filter, below, most, limit + 1 - found.size())));
            if (found.size() > limit) {
                List<Payment> full = List.copyOf(found.subList(0, limit));
                return new Page<>(full, full.getLast().id());
            }
            LookedAt looked = Objects.requireNonNull(session.first(
                    source.lookedAt,
                    r -> new LookedAt(r.getInt(1), r.getLong(2)),
                    Arrays.copyOf(values(filter, below, most, 0), source.parameters)));
            if (looked.count() < most) {
                return new Page<>(List.copyOf(found), null);
            }
            left -= most;
            below = looked.lowest();
        }
        return new Page<>(List.copyOf(found), new PaymentId(below));
    }

    private static @Nullable Object[] values(PaymentFilter f, long below, int most, int room) {
        PaymentState state = f.state();
        Long from = Cells.millis(f.paidFrom());
        Long to = Cells.millis(f.paidTo());
        return new @Nullable Object[] {
            below,
            most,
            f.merchant() == null ? null : f.merchant().value(),
            f.outTradeNo(),
            f.channel(),
            state == null ? null : state.code(),
            from == null ? 0 : from,
            to == null ? Long.MAX_VALUE : to,
            room
        };
    }
}
