package dev.rung.reconciliation;

import java.util.ArrayList;
import java.util.List;

/**
 * What is carried to the next day's bill: stored as lines of fields separated by tabs.
 *
 * @param kind what to do with it
 * @param number the payment's id, the refund's id, or the number of an order on the bill
 * @param channelTradeNo empty unless it is of the bill's side
 * @param detail one sentence
 */
record Suspense(Kind kind, String number, String channelTradeNo, String detail) {
    enum Kind {
        /** A payment here that the bill did not have. */
        PAYMENT,
        /** A refund here that the bill did not have. */
        REFUND,
        /** An order on the bill that is not known here. */
        ORDER,
        /** A payment or refund that the bill had, though it ended on the next day here. */
        BILLED_EARLY
    }

    static String text(List<Suspense> all) {
        StringBuilder text = new StringBuilder();
        for (Suspense each : all) {
            text.append(each.kind)
                    .append('\t')
                    .append(each.number.replace('\t', ' '))
                    .append('\t')
                    .append(each.channelTradeNo.replace('\t', ' '))
                    .append('\t')
                    .append(each.detail.replace('\t', ' ').replace('\n', ' '))
                    .append('\n');
        }
        return text.toString();
    }

    static List<Suspense> parse(String text) {
        List<Suspense> all = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] fields = line.split("\t", -1);
            all.add(new Suspense(Kind.valueOf(fields[0]), fields[1], fields[2], fields[3]));
        });
        return all;
    }
}
