package dev.rung.adapter.postgres;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists payments, newest first: walks one index, the one that leaves least to look at, over a bounded number of its entries; what the filter asks
 * beyond that is checked row by row.
 */
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
        List<Payment> page = new ArrayList<>();
        long below = before == null ? Long.MAX_VALUE : before.value();
        int walked = 0;
        int stride = Math.min(SCAN_MAX, 2 * limit + 50);
        while (true) {
            List<Long> entries = walk(filter, below, stride);
            page.addAll(matching(filter, entries, limit + 1 - page.size()));
            if (page.size() > limit) {
                List<Payment> full = List.copyOf(page.subList(0, limit));
                return new Page<>(full, full.getLast().id());
            }
            if (entries.size() < stride) {
                return new Page<>(page, null);
            }
            below = entries.getLast();
            walked += stride;
            if (walked >= SCAN_MAX) {
                return new Page<>(page, new PaymentId(below));
            }
            stride = Math.min(4 * stride, SCAN_MAX - walked);
        }
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
            String outTradeNo = filter.outTradeNo();
            if (outTradeNo != null) {
                return new Index(ALL_FIRST, "out_trade_no = ?", p -> p.text(outTradeNo));
            }
            if (filter.paidFrom() != null || filter.paidTo() != null) {
                Long from = PaymentRows.millis(filter.paidFrom());
                Long to = PaymentRows.millis(filter.paidTo());
                return new Index(
                        ALL_FIRST,
                        "paid_at >= ? AND paid_at < ? AND (?::text IS NULL OR channel = ?)",
                        p -> p.number(from == null ? Long.MIN_VALUE : from.longValue())
                                .number(to == null ? Long.MAX_VALUE : to.longValue())
                                .text(filter.channel())
                                .text(filter.channel()));
            }
            MerchantId merchant = filter.merchant();
            PaymentState state = filter.state();
            boolean few = state == PaymentState.CREATED || state == PaymentState.PAYING;
            boolean fewer = state == PaymentState.FAILED || state == PaymentState.CLOSED;
            if (state != null && (few || fewer && merchant == null)) {
                // A partial index is found only by what stands literally in the statement.
                return new Index(IN_ORDER, "state = " + state.code(), p -> {});
            }
            return merchant == null
                    ? new Index(IN_ORDER, "true", p -> {})
                    : new Index(IN_ORDER, "merchant_id = ?", p -> p.number(merchant.value()));
        }
    }

    private List<Payment> matching(PaymentFilter f, List<Long> ids, int limit) {
        Long merchant = f.merchant() == null ? null : f.merchant().value();
        Long state = f.state() == null ? null : (long) f.state().code();
        Long from = PaymentRows.millis(f.paidFrom());
        Long to = PaymentRows.millis(f.paidTo());
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
                row -> PaymentRows.payment(row, 0));
    }
}
