package example.toybank;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The bank's daily bill (UTC): a header, one line per order, and a last line with their number. */
final class ToyBankBill implements BillFormat {
    private static final String HEADER = "toybank;number;trade_no;state;amount;currency;settled_at";
    private static final String ORDER = "order";
    private static final String END = "end";
    private static final int FIELDS = 7;

    static String write(Collection<Order> settled) {
        StringBuilder bill = new StringBuilder(HEADER).append('\n');
        for (Order order : settled) {
            bill.append(String.join(
                            ";",
                            ORDER,
                            order.number(),
                            order.tradeNo(),
                            order.state().name(),
                            order.amount().major(),
                            order.amount().currency().getCurrencyCode(),
                            String.valueOf(order.settledAt())))
                    .append('\n');
        }
        return bill.append(END).append(';').append(settled.size()).append('\n').toString();
    }

    @Override
    public String name() {
        return ToyBankType.NAME;
    }

    @Override
    public boolean recognizes(String headerLine) {
        return headerLine.equals(HEADER);
    }

    @Override
    public BillLines lines() {
        return new Lines();
    }

    private static final class Lines extends BillLines {
        private int orders;
        private boolean whole;

        Lines() {
            super(ZoneOffset.UTC);
        }

        @Override
        public @Nullable BillEntry read(int number, String line) {
            String[] fields = line.split(";", -1);
            switch (fields[0]) {
                case ORDER -> {
                    orders++;
                    return entry(number, fields);
                }
                case END -> whole = line.equals(END + ";" + orders);
                default -> {
                    if (!line.equals(HEADER)) {
                        throw BillException.at(number, "not a line of this format");
                    }
                }
            }
            return null;
        }

        private static BillEntry entry(int number, String[] fields) {
            if (fields.length != FIELDS) {
                throw BillException.at(number, fields.length + " fields, not " + FIELDS);
            }
            boolean paid = fields[3].equals(Order.State.PAID.name());
            try {
                return new BillEntry(
                        number,
                        paid ? BillEntry.Kind.PAID : BillEntry.Kind.NOT_PAID,
                        fields[1],
                        fields[2],
                        paid ? money(number, fields[4], fields[5]) : null,
                        Instant.parse(fields[6]));
            } catch (DateTimeException e) {
                throw BillException.at(number, "\"" + fields[6] + "\" is not a time");
            }
        }

        @Override
        public void end() {
            if (!whole) {
                throw new BillException("the bill does not end with the number of its orders: it is incomplete");
            }
        }
    }
}
