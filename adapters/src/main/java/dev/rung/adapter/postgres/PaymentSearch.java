package dev.rung.adapter.postgres;

import dev.rung.adapter.rows.Cells;
import dev.rung.adapter.rows.PaymentIndex;
import dev.rung.adapter.rows.PaymentRows;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists payments, newest first, down the index that leaves least to look at, see {@link IndexWalk}. */
final class PaymentSearch {
    /** Entries of an index that one page looks at. */
    private static final int SCAN_MAX = 20_000;

    private static final String MATCHING = "SELECT " + PaymentRows.PAYMENT + """
             FROM payment
            WHERE id = ANY (?::bigint[])
              AND (?::bigint IS NULL OR merchant_id = ?)
              AND (?::text IS NULL OR out_trade_no = ?)
              AND (?::text IS NULL OR channel = ?)
              AND (?::int IS NULL OR state = ?)
              AND (?::bigint IS NULL OR paid_at >= ?)
              AND (?::bigint IS NULL OR paid_at < ?)
            ORDER BY id DESC LIMIT ?
            """;

    private final Database database;

    PaymentSearch(Database database) {
        this.database = database;
    }

    Page<Payment, PaymentId> page(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        IndexWalk.Found<Payment> found = IndexWalk.page(
                SCAN_MAX,
                before == null ? null : before.value(),
                limit,
                (below, most) -> walk(filter, below, most),
                (ids, most) -> matching(filter, ids, most),
                payment -> payment.id().value());
        return new Page<>(found.items(), found.next() == null ? null : new PaymentId(found.next()));
    }

    private List<Long> walk(PaymentFilter filter, long below, int stride) {
        Index index = Index.of(filter);
        return database.rows(
                "WITH entry AS " + index.materialized + " (SELECT id FROM payment WHERE " + index.where
                        + ") SELECT id FROM entry WHERE id < ? ORDER BY id DESC LIMIT ?",
                p -> {
                    index.key.to(p);
                    p.number(below).number(stride);
                },
                row -> row.getLong(1));
    }

    /**
     * Which index is walked.
     *
     * @param materialized its entries are not in the order of ids: all that match are gathered first
     */
    private record Index(String materialized, String where, Database.Binding key) {
        private static final String ALL_FIRST = "MATERIALIZED";
        private static final String IN_ORDER = "NOT MATERIALIZED";

        static Index of(PaymentFilter filter) {
            return switch (PaymentIndex.of(filter)) {
                case ALL -> new Index(IN_ORDER, "true", p -> {});
                case OF_MERCHANT ->
                    new Index(
                            IN_ORDER,
                            "merchant_id = ?",
                            p -> p.number(
                                    Objects.requireNonNull(filter.merchant()).value()));
                case BY_NUMBER -> new Index(ALL_FIRST, "out_trade_no = ?", p -> p.text(filter.outTradeNo()));
                // A partial index is found only by what stands literally in the statement.
                case BY_STATE ->
                    new Index(
                            IN_ORDER,
                            "state = " + Objects.requireNonNull(filter.state()).code(),
                            p -> {});
                case BY_TIME_PAID -> ofTimePaid(filter);
            };
        }

        private static Index ofTimePaid(PaymentFilter filter) {
            Long from = Cells.millis(filter.paidFrom());
            Long to = Cells.millis(filter.paidTo());
            return new Index(
                    ALL_FIRST,
                    "paid_at >= ? AND paid_at < ? AND (?::text IS NULL OR channel = ?)",
                    p -> p.number(from == null ? Long.MIN_VALUE : from.longValue())
                            .number(to == null ? Long.MAX_VALUE : to.longValue())
                            .text(filter.channel())
                            .text(filter.channel()));
        }
    }

    private List<Payment> matching(PaymentFilter f, List<Long> ids, int limit) {
        Long merchant = f.merchant() == null ? null : f.merchant().value();
        Long state = f.state() == null ? null : (long) f.state().code();
        Long from = Cells.millis(f.paidFrom());
        Long to = Cells.millis(f.paidTo());
        return database.rows(
                MATCHING,
                p -> p.longs(ids, Long::longValue)
                        .number(merchant)
                        .number(merchant)
                        .text(f.outTradeNo())
                        .text(f.outTradeNo())
                        .text(f.channel())
                        .text(f.channel())
                        .number(state)
                        .number(state)
                        .number(from)
                        .number(from)
                        .number(to)
                        .number(to)
                        .number(limit),
                PaymentRows::payment);
    }
}
