package dev.rung.reconciliation;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import dev.rung.payments.bill.CsvColumns;
import dev.rung.payments.model.Money;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plain format: UTF-8, a line of names, then one line per order. Amounts are in major units ({@code 12.30}), times
 * RFC 3339 with an offset; the state is {@code succeeded}, {@code failed}, {@code closed} or {@code refunded}; {@code
 * paid_at} may be empty, and so may {@code amount} unless the state is {@code succeeded}. A line {@code refunded} with
 * an amount and a number in the further column {@code out_refund_no} is a refund.
 */
final class PlainBill extends BillLines {
    static final List<String> COLUMNS =
            List.of("out_trade_no", "channel_trade_no", "amount", "currency", "state", "paid_at");

    private static final String REFUND_NO = "out_refund_no";

    private @Nullable List<String> names;

    private PlainBill(ZoneId zone) {
        super(zone);
    }

    /**
     * The format.
     *
     * @param zone the time zone of its days
     */
    record Format(ZoneId zone) implements BillFormat {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public boolean recognizes(String headerLine) {
            return CsvColumns.split(headerLine).containsAll(COLUMNS);
        }

        @Override
        public BillLines lines() {
            return new PlainBill(zone);
        }
    }

    @Override
    public @Nullable BillEntry read(int number, String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return null;
        }
        if (names == null) {
            names = CsvColumns.split(line);
            return null;
        }
        List<String> fields = CsvColumns.split(line);
        if (fields.size() != names.size()) {
            fields = CsvColumns.splitUnquoted(line);
        }
        if (fields.size() != names.size()) {
            throw BillException.at(number, fields.size() + " fields instead of " + names.size());
        }
        return entry(number, fields, names);
    }

    private static BillEntry entry(int number, List<String> fields, List<String> names) {
        String state = fields.get(names.indexOf("state"));
        BillEntry.Kind kind = switch (state) {
            case "succeeded" -> BillEntry.Kind.PAID;
            case "failed", "closed" -> BillEntry.Kind.NOT_PAID;
            case "refunded" -> isRefund(fields, names) ? BillEntry.Kind.REFUNDED : BillEntry.Kind.OTHER;
            default ->
                throw BillException.at(number, "\"" + state + "\" is none of succeeded, failed, closed, refunded");
        };
        Money amount = kind == BillEntry.Kind.PAID || kind == BillEntry.Kind.REFUNDED
                ? money(number, fields.get(names.indexOf("amount")), fields.get(names.indexOf("currency")))
                : null;
        return new BillEntry(
                number,
                kind,
                fields.get(names.indexOf("out_trade_no")),
                fields.get(names.indexOf("channel_trade_no")),
                kind == BillEntry.Kind.REFUNDED ? fields.get(names.indexOf(REFUND_NO)) : null,
                amount,
                paidAt(number, fields.get(names.indexOf("paid_at"))));
    }

    private static boolean isRefund(List<String> fields, List<String> names) {
        int number = names.indexOf(REFUND_NO);
        return number >= 0
                && !fields.get(number).isEmpty()
                && !fields.get(names.indexOf("amount")).isEmpty();
    }

    private static @Nullable Instant paidAt(int number, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw BillException.at(number, "\"" + text + "\" is not a time such as 2026-11-23T12:03:04+08:00");
        }
    }

    /** The format has no mark that shows completeness. */
    @Override
    public void end() {
        if (names == null) {
            throw new BillException("the bill is empty");
        }
    }
}
