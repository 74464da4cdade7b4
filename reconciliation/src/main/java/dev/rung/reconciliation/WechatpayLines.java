package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * WeChat Pay's trade bill: a line of names, lines whose fields each start with a backtick, and two lines of totals.
 * Amounts are in major units.
 *
 * <p>A payment that was refunded on the same day has two lines, one of each kind.
 */
final class WechatpayLines extends BillLines {
    private static final String TOTALS = "总交易单数";

    private @Nullable Layout layout;
    private boolean ended;

    /** The positions of the columns that are read. */
    private record Layout(int columns, int time, int tradeNo, int outTradeNo, int state, int currency, int amount) {
        static Layout of(CsvColumns columns) {
            return new Layout(
                    columns.count(),
                    columns.of("交易时间"),
                    columns.of("微信订单号"),
                    columns.of("商户订单号"),
                    columns.of("交易状态"),
                    columns.of("货币种类"),
                    // The order's full amount; the settled amount (应结订单金额) is lower by coupons. Bills from before 2018
                    // call it 总金额.
                    columns.of("订单金额", "总金额"));
        }
    }

    @Override
    @Nullable BillEntry read(int number, String line) {
        if (line.isBlank() || ended) {
            return null;
        }
        if (line.startsWith(TOTALS)) {
            ended = true;
            return null;
        }
        if (layout == null) {
            layout = Layout.of(new CsvColumns(CsvColumns.split(line)));
            return null;
        }
        return entry(number, fields(line), layout);
    }

    /** Splits a line where a field starts, so that a product name with commas is kept whole. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int from = line.startsWith("`") ? 1 : 0;
        for (int next = line.indexOf(",`", from); next >= 0; next = line.indexOf(",`", from)) {
            fields.add(line.substring(from, next).strip());
            from = next + 2;
        }
        fields.add(line.substring(from).strip());
        return fields;
    }

    private static BillEntry entry(int number, List<String> fields, Layout at) {
        if (fields.size() != at.columns()) {
            throw BillException.at(number, fields.size() + " fields instead of " + at.columns());
        }
        String outTradeNo = fields.get(at.outTradeNo());
        String tradeNo = fields.get(at.tradeNo());
        Instant time = time(number, fields.get(at.time()).replace('：', ':'));
        if (!fields.get(at.state()).equals("SUCCESS")) {
            return new BillEntry(number, BillEntry.Kind.OTHER, outTradeNo, tradeNo, null, time);
        }
        Money amount = money(number, fields.get(at.amount()), fields.get(at.currency()));
        return new BillEntry(number, BillEntry.Kind.PAID, outTradeNo, tradeNo, amount, time);
    }

    @Override
    void end() {
        if (!ended) {
            throw new BillException("the bill ends without its totals (" + TOTALS + "): the bill is incomplete");
        }
    }

    @Override
    ZoneId zone() {
        return SHANGHAI;
    }
}
