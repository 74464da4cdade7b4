package dev.rung.reconciliation;

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
final class AlipayLines extends BillLines {
    private static final Pattern PERIOD = Pattern.compile("起始日期:?\\s*\\[([^]]+)].*终止日期:?\\s*\\[([^]]+)]");
    private static final DateTimeFormatter HEAD_TIME = DateTimeFormatter.ofPattern("uuuu年MM月dd日 HH:mm:ss");
    private static final String END = "业务明细列表结束";

    private @Nullable Layout layout;
    private @Nullable BillPeriod period;
    private boolean ended;

    /** The positions of the columns that are read. */
    private record Layout(int columns, int tradeNo, int outTradeNo, int type, int created, int finished, int amount) {
        static Layout of(CsvColumns columns) {
            return new Layout(
                    columns.count(),
                    columns.of("支付宝交易号"),
                    columns.of("商户订单号"),
                    columns.of("业务类型"),
                    columns.of("创建时间"),
                    columns.of("完成时间"),
                    columns.of("订单金额"));
        }
    }

    @Override
    @Nullable BillEntry read(int number, String line) {
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
        return entry(number, CsvColumns.split(line), layout);
    }

    private static BillEntry entry(int number, List<String> fields, Layout at) {
        int shift = shift(number, fields, at);
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
            default -> new BillEntry(number, BillEntry.Kind.OTHER, outTradeNo, tradeNo, null, time);
        };
    }

    /** The number of surplus fields before the times: product names are not quoted, even if they contain commas. */
    private static int shift(int number, List<String> fields, Layout at) {
        for (int shift = 0; at.columns() + shift <= fields.size(); shift++) {
            if (isTime(fields.get(at.created() + shift)) && isTime(fields.get(at.finished() + shift))) {
                return shift;
            }
        }
        throw BillException.at(
                number, "not a line of " + at.columns() + " fields with times of creation and completion");
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
    void end() {
        if (!ended) {
            throw new BillException("the bill ends without the line \"" + END + "\": the bill is incomplete");
        }
    }

    @Override
    Optional<BillPeriod> period() {
        return Optional.ofNullable(period);
    }

    @Override
    ZoneId zone() {
        return SHANGHAI;
    }
}
