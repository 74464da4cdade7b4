package dev.rung.channel.alipay;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.bill.CsvColumns;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Alipay's trade bill: comment lines with {@code #} before and after, fields padded with tabs, one line per trade (交易)
 * and one per refund (退款). Amounts are in yuan.
 */
final class AlipayBill extends BillLines {
    static final BillFormat FORMAT = new Format();

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final Pattern PERIOD = Pattern.compile("起始日期:?\\s*\\[([^]]+)].*终止日期:?\\s*\\[([^]]+)]");
    private static final DateTimeFormatter HEAD_TIME = DateTimeFormatter.ofPattern("uuuu年MM月dd日 HH:mm:ss");
    private static final String END = "业务明细列表结束";

    private static final int NO_TIMES = -1;

    private @Nullable Layout layout;
    private @Nullable BillPeriod period;
    private boolean ended;

    AlipayBill() {
        super(SHANGHAI);
    }

    private static final class Format implements BillFormat {
        /** Names of columns that no other format has together. */
        private static final List<String> COLUMNS = List.of("支付宝交易号", "商户订单号", "业务类型");

        @Override
        public String name() {
            return AlipayType.NAME;
        }

        @Override
        public boolean recognizes(String headerLine) {
            return CsvColumns.split(headerLine).containsAll(COLUMNS);
        }

        @Override
        public BillLines lines() {
            return new AlipayBill();
        }
    }

    /** The positions of the columns that are read. */
    private record Layout(
            int columns, int tradeNo, int outTradeNo, int type, int created, int finished, int amount, int refundNo) {
        static Layout of(CsvColumns columns) {
            return new Layout(
                    columns.count(),
                    columns.of("支付宝交易号"),
                    columns.of("商户订单号"),
                    columns.of("业务类型"),
                    columns.of("创建时间"),
                    columns.of("完成时间"),
                    columns.of("订单金额"),
                    columns.findBeginning("退款批次号"));
        }
    }

    @Override
    public @Nullable BillEntry read(int number, String line) {
        if (line.isBlank() || ended) {
            return null;
        }
        if (line.startsWith("#")) {
            ended = layout != null && line.contains(END);
            readPeriod(line);
            return null;
        }
        if (layout == null) {
            layout = Layout.of(new CsvColumns(CsvColumns.split(line)));
            return null;
        }
        List<String> fields = CsvColumns.split(line);
        if (shift(fields, layout) == NO_TIMES) {
            // A quotation mark in a product name opens no quoted field.
            fields = CsvColumns.splitUnquoted(line);
        }
        return entry(number, fields, layout);
    }

    private BillEntry entry(int number, List<String> fields, Layout at) {
        int shift = shift(fields, at);
        if (shift == NO_TIMES) {
            throw BillException.at(
                    number, "not a line of " + at.columns() + " fields with times of creation and completion");
        }
        String tradeNo = fields.get(at.tradeNo());
        String outTradeNo = fields.get(at.outTradeNo());
        Instant time = time(number, fields.get(at.finished() + shift));
        return switch (fields.get(at.type())) {
            case "交易" ->
                new BillEntry(
                        number,
                        BillEntry.Kind.PAID,
                        outTradeNo,
                        tradeNo,
                        money(number, fields.get(at.amount() + shift), "CNY"),
                        time);
            case "退款" -> refund(number, fields, at, shift, time);
            default -> new BillEntry(number, BillEntry.Kind.OTHER, outTradeNo, tradeNo, null, time);
        };
    }

    /** Its amount is negative; the number is that of the request for it. */
    private static BillEntry refund(int number, List<String> fields, Layout at, int shift, Instant time) {
        String outTradeNo = fields.get(at.outTradeNo());
        String tradeNo = fields.get(at.tradeNo());
        String refundNo = at.refundNo() < 0 ? "" : fields.get(at.refundNo() + shift);
        if (refundNo.isEmpty()) {
            return new BillEntry(number, BillEntry.Kind.OTHER, outTradeNo, tradeNo, null, time);
        }
        String amount = fields.get(at.amount() + shift);
        return new BillEntry(
                number,
                BillEntry.Kind.REFUNDED,
                outTradeNo,
                tradeNo,
                refundNo,
                money(number, amount.startsWith("-") ? amount.substring(1) : amount, "CNY"),
                time);
    }

    /** The number of surplus fields before the times: product names are not quoted, even if they contain commas. {@link #NO_TIMES} without times. */
    private static int shift(List<String> fields, Layout at) {
        for (int shift = 0; at.columns() + shift <= fields.size(); shift++) {
            if (isTime(fields.get(at.created() + shift)) && isTime(fields.get(at.finished() + shift))) {
                return shift;
            }
        }
        return NO_TIMES;
    }

    private void readPeriod(String line) {
        Matcher matcher = PERIOD.matcher(line);
        if (!matcher.find()) {
            return;
        }
        try {
            period = new BillPeriod(headTime(matcher.group(1)), headTime(matcher.group(2)));
        } catch (DateTimeParseException e) {
            // The period is then taken from the lines.
            period = null;
        }
    }

    private static Instant headTime(String text) {
        return LocalDateTime.parse(text.strip(), HEAD_TIME).atZone(SHANGHAI).toInstant();
    }

    @Override
    public void end() {
        if (!ended) {
            throw new BillException("the bill ends without the line \"" + END + "\": the bill is incomplete");
        }
    }

    @Override
    public Optional<BillPeriod> period() {
        return Optional.ofNullable(period);
    }
}
