package dev.rung.cli;

import dev.rung.payments.bill.BillException;
import dev.rung.payments.model.PaymentId;
import dev.rung.reconciliation.BillDifference;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints the differences and sends them to the server in batches. Not thread-safe. */
final class ReconciliationReport {
    /** Maximum of the API. */
    private static final int BATCH = 1_000;

    /** The table is buffered to compute its widths; --json has no limit. */
    private static final int SHOWN_MAX = 1_000;

    private static final int UNREADABLE_SHOWN_MAX = 100;
    private static final int NUMBER_MAX = 64;
    private static final int DETAIL_MAX = 1_000;

    private final Terminal terminal;
    private final ApiConnection api;
    private final String channel;
    private final boolean json;
    private final boolean dryRun;
    private final Table table = new Table("difference", "order", "line", "on the bill", "in Rung");
    private final List<BillDifference> unsent = new ArrayList<>();
    private int found;
    private int unreadable;
    private int settled;
    private int stored;

    /**
     * Totals of a comparison.
     *
     * @param day the day or days of the bill
     * @param billed paid entries of the bill
     * @param ignored other entries of the bill
     * @param here payments in Rung
     */
    record Sums(String day, int billed, int ignored, int here) {}

    ReconciliationReport(Terminal terminal, ApiConnection api, String channel, boolean json, boolean dryRun) {
        this.terminal = terminal;
        this.api = api;
        this.channel = channel;
        this.json = json;
        this.dryRun = dryRun;
    }

    void add(BillDifference finding) {
        found++;
        if (json) {
            terminal.out().println(node(finding).put("line", finding.line()));
        } else if (found <= SHOWN_MAX) {
            table.add(List.of(
                    new Table.Cell(finding.kind().text(), AnsiStyle.RED),
                    Table.Cell.of(ascii(finding.outTradeNo())),
                    Table.Cell.of(finding.line() == 0 ? "-" : String.valueOf(finding.line())),
                    Table.Cell.of(finding.there().isEmpty() ? "-" : ascii(finding.there())),
                    Table.Cell.of(finding.here().isEmpty() ? "-" : ascii(finding.here()))));
        }
        if (!dryRun) {
            unsent.add(finding);
            if (unsent.size() == BATCH) {
                report();
            }
        }
    }

    /** A line of the bill that cannot be read, and therefore is not compared. */
    void unreadable(BillException fault) {
        unreadable++;
        if (json) {
            ObjectNode node = JsonOutput.MAPPER.createObjectNode();
            terminal.out().println(node.put("unreadable", ascii(String.valueOf(fault.getMessage()))));
        } else if (unreadable <= UNREADABLE_SHOWN_MAX) {
            terminal.err().println("not compared: " + ascii(String.valueOf(fault.getMessage())));
        }
    }

    /** Earlier discrepancies that the bill has settled. */
    void settled(int count) {
        settled = count;
    }

    /** Reports and prints the rest; returns the exit code. */
    int end(Sums sums) {
        if (!unsent.isEmpty()) {
            report();
        }
        if (json) {
            terminal.out().println(summary(sums));
        } else {
            print(sums);
        }
        return found == 0 && unreadable == 0 ? Commands.DONE : Commands.FAILED;
    }

    private void report() {
        ObjectNode body = JsonOutput.MAPPER.createObjectNode();
        body.put("channel", channel);
        ArrayNode list = body.putArray("findings");
        unsent.forEach(f -> list.add(node(f)));
        unsent.clear();
        JsonNode answer = api.post("/v1/reconciliations", body);
        stored += answer.path("stored").asInt(0);
    }

    private static ObjectNode node(BillDifference finding) {
        ObjectNode node = JsonOutput.MAPPER.createObjectNode();
        node.put("kind", finding.kind().text());
        node.put("out_trade_no", number(finding.outTradeNo()));
        String tradeNo = finding.channelTradeNo();
        node.put("channel_trade_no", tradeNo.isEmpty() ? null : number(tradeNo));
        PaymentId payment = finding.payment();
        node.put("payment_id", payment == null ? null : payment.toString());
        node.put("detail", cut(ascii(finding.detail()), DETAIL_MAX));
        return node;
    }

    private ObjectNode summary(Sums sums) {
        ObjectNode node = JsonOutput.MAPPER.createObjectNode();
        node.put("channel", channel);
        node.put("day", sums.day());
        node.put("billed", sums.billed());
        node.put("ignored", sums.ignored());
        node.put("here", sums.here());
        node.put("findings", found);
        node.put("stored", stored);
        node.put("unreadable", unreadable);
        node.put("resolved", settled);
        return node;
    }

    private void print(Sums sums) {
        if (!table.isEmpty()) {
            table.lines(terminal).forEach(terminal.out()::println);
            if (found > SHOWN_MAX) {
                terminal.out().println("… and " + (found - SHOWN_MAX) + " more: --json prints all of them.");
            }
            terminal.out().println();
        }
        terminal.out()
                .println(channel + ", " + sums.day() + ": " + sums.billed() + " paid on the bill"
                        + (sums.ignored() == 0 ? "" : " (and " + sums.ignored() + " other lines)") + ", " + sums.here()
                        + " paid in Rung");
        if (unreadable > 0) {
            terminal.out()
                    .println(terminal.paint(AnsiStyle.RED, unreadable + " lines of the bill could not be read")
                            + "; payments on them may be reported as missing_there");
        }
        if (settled > 0) {
            terminal.out().println(settled + " earlier discrepancies are resolved by this bill");
        }
        terminal.out().println(result());
    }

    private String result() {
        if (found == 0) {
            return terminal.paint(AnsiStyle.GREEN, "No differences.");
        }
        String count = found == 1 ? "1 difference" : found + " differences";
        return terminal.paint(AnsiStyle.RED, count)
                + (dryRun ? "; not stored (--dry-run)" : "; " + stored + " new, stored as discrepancies");
    }

    /** A number in the form that the API accepts. */
    private static String number(String text) {
        return text.isEmpty() ? "-" : cut(ascii(text), NUMBER_MAX);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max);
    }

    /** Replaces control and non-ASCII characters, which could break the output. */
    private static String ascii(String text) {
        return text.codePoints()
                .collect(
                        StringBuilder::new,
                        (s, c) -> s.append(c >= ' ' && c < 0x7f ? (char) c : '?'),
                        StringBuilder::append)
                .toString();
    }
}
