package dev.rung.channel.wechatpay;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import dev.rung.payments.bill.CsvColumns;
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
final class WechatpayBill extends BillLines {
    static final BillFormat FORMAT = new Format();

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final String TOTALS = "总交易单数";
    /** A column of the bill of refunds alone. */
    private static final String REFUNDS_ONLY = "退款申请时间";

    private @Nullable Layout layout;
    private boolean ended;

    WechatpayBill() {
        super(SHANGHAI);
    }

    private static final class Format implements BillFormat {
        /** Names of columns that no other format has together. */
        private static final List<String> COLUMNS = List.of("微信订单号", "商户订单号", "交易状态");

        @Override
        public String name() {
            return WechatpayType.NAME;
        }

        @Override
        public boolean recognizes(String headerLine) {
            return CsvColumns.split(headerLine).containsAll(COLUMNS);
        }

        @Override
        public BillLines lines() {
            return new WechatpayBill();
        }
    }

    /** The positions of the columns that are read. */
    private record Layout(
            int columns,
            int time,
            int tradeNo,
            int outTradeNo,
            int state,
            int currency,
            int amount,
            int name,
            Refunds refunds) {
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
                    columns.of("订单金额", "总金额"),
                    columns.find("商品名称"),
                    Refunds.of(columns));
        }
    }

    /** The positions of the columns of refunds; -1: none. */
    private record Refunds(int number, int amount, int state) {
        /** The amount that was requested; the settled one (退款金额) is lower by coupons. Bills from before 2018 have that alone. */
        static Refunds of(CsvColumns columns) {
            int requested = columns.findBeginning("申请退款金额");
            return new Refunds(
                    columns.find("商户退款单号"),
                    requested >= 0 ? requested : columns.findBeginning("退款金额"),
                    columns.find("退款状态"));
        }

        boolean isSucceeded(List<String> fields) {
            return number >= 0
                    && amount >= 0
                    && state >= 0
                    && !fields.get(number).isEmpty()
                    && fields.get(state).equals("SUCCESS");
        }
    }

    @Override
    public @Nullable BillEntry read(int number, String line) {
        if (line.isBlank() || ended) {
            return null;
        }
        if (line.startsWith(TOTALS)) {
            ended = true;
            return null;
        }
        if (layout == null) {
            List<String> names = CsvColumns.split(line);
            if (names.contains(REFUNDS_ONLY)) {
                throw new BillException("a bill of refunds alone: download the trade bill (bill_type ALL or SUCCESS)");
            }
            layout = Layout.of(new CsvColumns(names));
            return null;
        }
        return entry(number, fields(line, layout), layout);
    }

    /** Splits a line; what a product name with separators has too many is put together again. */
    private static List<String> fields(String line, Layout at) {
        List<String> fields = line.startsWith("`") ? byMarks(line) : CsvColumns.split(line);
        if (fields.size() != at.columns() && !line.startsWith("`")) {
            fields = CsvColumns.splitUnquoted(line);
        }
        int surplus = fields.size() - at.columns();
        if (surplus <= 0 || at.name() < 0) {
            return fields;
        }
        List<String> whole = new ArrayList<>(fields.subList(0, at.name()));
        whole.add(String.join(",", fields.subList(at.name(), at.name() + surplus + 1)));
        whole.addAll(fields.subList(at.name() + surplus + 1, fields.size()));
        return whole;
    }

    /** Splits a line where a field starts, so that a product name with commas is kept whole. */
    private static List<String> byMarks(String line) {
        List<String> fields = new ArrayList<>();
        int from = 1;
        for (int next = line.indexOf(",`", from); next >= 0; next = line.indexOf(",`", from)) {
            fields.add(line.substring(from, next).strip());
            from = next + 2;
        }
        fields.add(line.substring(from).strip());
        return fields;
    }

    private BillEntry entry(int number, List<String> fields, Layout at) {
        if (fields.size() != at.columns()) {
            throw BillException.at(number, fields.size() + " fields instead of " + at.columns());
        }
        String outTradeNo = fields.get(at.outTradeNo());
        String tradeNo = fields.get(at.tradeNo());
        Instant time = time(number, fields.get(at.time()).replace('：', ':'));
        if (fields.get(at.state()).equals("REFUND") && at.refunds().isSucceeded(fields)) {
            Money refunded = money(number, fields.get(at.refunds().amount()), fields.get(at.currency()));
            return new BillEntry(
                    number,
                    BillEntry.Kind.REFUNDED,
                    outTradeNo,
                    tradeNo,
                    fields.get(at.refunds().number()),
                    refunded,
                    time);
        }
        if (!fields.get(at.state()).equals("SUCCESS")) {
            return new BillEntry(number, BillEntry.Kind.OTHER, outTradeNo, tradeNo, null, time);
        }
        Money amount = money(number, fields.get(at.amount()), fields.get(at.currency()));
        return new BillEntry(number, BillEntry.Kind.PAID, outTradeNo, tradeNo, amount, time);
    }

    @Override
    public void end() {
        if (!ended) {
            throw new BillException("the bill ends without its totals (" + TOTALS + "): the bill is incomplete");
        }
    }
}
