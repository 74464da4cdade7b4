package dev.rung.store.postgresql;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.store.common.IndexScan;
import dev.rung.store.common.NullableColumns;
import dev.rung.store.common.PaymentIndex;
import dev.rung.store.common.PaymentRows;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists payments, newest or latest paid first, by the index with the fewest entries to check; see {@link IndexScan}. */
final class PaymentSearch {
    /** Maximum index entries read for one page. */
    private static final int SCAN_MAX = 20_000;

    private static final String PAID_AT = "SELECT paid_at FROM payment WHERE id = ? AND paid_at IS NOT NULL";

    static final String WALK_PAID = """
            SELECT id FROM payment WHERE paid_at >= ? AND (paid_at, id) < (?, ?)
            ORDER BY paid_at DESC, id DESC LIMIT ?
            """;

    private static final String MATCHING = "SELECT " + PaymentRows.PAYMENT_READ + """
             FROM payment
            WHERE id = ANY (?::bigint[])
              AND (?::bigint IS NULL OR merchant_id = ?)
              AND (?::text IS NULL OR out_trade_no = ?)
              AND (?::text IS NULL OR channel = ?)
              AND (?::int IS NULL OR state = ?)
              AND (?::bigint IS NULL OR paid_at >= ?)
              AND (?::bigint IS NULL OR paid_at < ?)
              AND (?::text IS NULL OR channel_trade_no = ?)
              AND (?::text IS NULL OR attach = ?)
            ORDER BY %s id DESC LIMIT ?
            """;

    private static final String MATCHING_NEWEST = MATCHING.formatted("");
    private static final String MATCHING_PAID = MATCHING.formatted("paid_at DESC,");

    private static final String ALL_FIRST = "MATERIALIZED";
    private static final String IN_ORDER = "NOT MATERIALIZED";

    private final PostgresDatabase database;

    PaymentSearch(PostgresDatabase database) {
        this.database = database;
    }

    Page<Payment, PaymentId> page(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        IndexScan.Found<Payment> found = IndexScan.page(
                SCAN_MAX,
                SCAN_MAX,
                before == null ? null : before.value(),
                limit,
                (below, most) -> walk(filter, below, most),
                (ids, most) -> matching(filter, ids, most),
                payment -> payment.id().value());
        return new Page<>(found.items(), found.next() == null ? null : new PaymentId(found.next()));
    }

    private List<Long> walk(PaymentFilter filter, long below, int stride) {
        return switch (PaymentIndex.of(filter)) {
            case ALL -> walk(IN_ORDER, "true", p -> {}, below, stride);
            case OF_MERCHANT -> {
                long merchant = Objects.requireNonNull(filter.merchant()).value();
                yield walk(IN_ORDER, "merchant_id = ?", p -> p.number(merchant), below, stride);
            }
            case BY_NUMBER -> walk(ALL_FIRST, "out_trade_no = ?", p -> p.text(filter.outTradeNo()), below, stride);
            case BY_CHANNEL_TRADE_NO ->
                walk(ALL_FIRST, "channel_trade_no = ?", p -> p.text(filter.channelTradeNo()), below, stride);
            case BY_ATTACH -> walk(ALL_FIRST, "attach = ?", p -> p.text(filter.attach()), below, stride);
            case BY_STATE -> {
                // A partial index is used only if its condition is literally in the statement.
                int state = Objects.requireNonNull(filter.state()).code();
                yield walk(IN_ORDER, "state = " + state, p -> {}, below, stride);
            }
            case BY_TIME_PAID -> walkPaid(filter, below, stride);
        };
    }

    /**
     * Scans one index.
     *
     * @param materialized whether all matching entries are collected first, because they are not in id order
     */
    private List<Long> walk(String materialized, String where, PostgresDatabase.Binding key, long below, int stride) {
        return database.rows(
                "WITH entry AS " + materialized + " (SELECT id FROM payment WHERE " + where
                        + ") SELECT id FROM entry WHERE id < ? ORDER BY id DESC LIMIT ?",
                p -> {
                    key.to(p);
                    p.number(below).number(stride);
                },
                row -> row.getLong(1));
    }

    /** An index ordered by time of payment; continues below the last entry's time of payment and id. */
    private List<Long> walkPaid(PaymentFilter filter, long below, int stride) {
        Long from = NullableColumns.millis(filter.paidFrom());
        Long to = NullableColumns.millis(filter.paidTo());
        long end = to == null ? Long.MAX_VALUE : to;
        if (below == Long.MAX_VALUE) {
            return walkPaid(from == null ? 0 : from, end, 0, stride);
        }
        List<Long> paidAt = database.rows(PAID_AT, p -> p.number(below), row -> row.getLong(1));
        return paidAt.isEmpty()
                ? List.of()
                : walkPaid(from == null ? 0 : from, Math.min(end, paidAt.getFirst()), below, stride);
    }

    private List<Long> walkPaid(long from, long belowPaidAt, long belowId, int stride) {
        return database.rows(
                WALK_PAID,
                p -> p.number(from).number(belowPaidAt).number(belowId).number(stride),
                row -> row.getLong(1));
    }

    private List<Payment> matching(PaymentFilter f, List<Long> ids, int limit) {
        Long merchant = f.merchant() == null ? null : f.merchant().value();
        Long state = f.state() == null ? null : (long) f.state().code();
        Long from = NullableColumns.millis(f.paidFrom());
        Long to = NullableColumns.millis(f.paidTo());
        return database.rows(
                f.isByTimeOfPayment() ? MATCHING_PAID : MATCHING_NEWEST,
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
                        .text(f.channelTradeNo())
                        .text(f.channelTradeNo())
                        .text(f.attach())
                        .text(f.attach())
                        .number(limit),
                PaymentRows::payment);
    }
}
