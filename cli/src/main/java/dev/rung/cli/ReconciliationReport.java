package dev.rung.cli;

import dev.rung.payments.model.PaymentId;
import dev.rung.reconciliation.BillDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a comparison found: printed, and handed to the server in batches. Used by one thread. */
final class ReconciliationReport {
    /** As many as the server takes at once. */
    private static final int BATCH = 1_000;

    /** A table is kept until its widths are known; whoever has more findings than that has the wrong file, or wants --json. */
    private static final int SHOWN_MAX = 1_000;

    private static final int NUMBER_MAX = 64;
    private static final int DETAIL_MAX = 1_000;

    private final Terminal terminal;
    private final ApiConnection api;
    private final String channel;
    private final boolean json;
    private final boolean dryRun;
    private final Table table = new Table("finding", "order", "line", "on the bill", "here");
    private final List<BillDifference> unsent = new ArrayList<>();
    private int found;
    private int fresh;

    /**
     * What was compared.
     *
     * @param day for which day or days
     * @param billed entries of the bill that say paid
     * @param ignored other entries of the bill
     * @param here payments here
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

    /** Reports and prints what is left; the exit code. */
    int end(Sums sums) {
        if (!unsent.isEmpty()) {
            report();
        }
        if (json) {
            terminal.out().println(summary(sums));
        } else {
            print(sums);
        }
        return found == 0 ? Commands.DONE : Commands.FAILED;
    }

    private void report() {
        ObjectNode body = JsonOutput.MAPPER.createObjectNode();
        body.put("channel", channel);
        ArrayNode list = body.putArray("findings");
        unsent.forEach(f -> list.add(node(f)));
        unsent.clear();
        JsonNode answer = api.post("/v1/reconciliations", JsonOutput.MAPPER.writeValueAsBytes(body), Map.of());
        fresh += answer.path("stored").asInt(0);
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
        node.put("stored", fresh);
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
                        + " paid here");
        terminal.out().println(verdict());
    }

    private String verdict() {
        if (found == 0) {
            return terminal.paint(AnsiStyle.GREEN, "Nothing differs.");
        }
        String differ = found == 1 ? "1 differs" : found + " differ";
        return terminal.paint(AnsiStyle.RED, differ)
                + (dryRun ? "; nothing was kept (--dry-run)" : "; " + fresh + " of them new: kept as discrepancies");
    }

    /** As the server takes it: somebody else's number may be anything. */
    private static String number(String text) {
        return text.isEmpty() ? "-" : cut(ascii(text), NUMBER_MAX);
    }

    private static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max);
    }

    /** What others wrote into a bill must move no cursor and break no column. */
    private static String ascii(String text) {
        return text.codePoints()
                .collect(
                        StringBuilder::new,
                        (s, c) -> s.append(c >= ' ' && c < 0x7f ? (char) c : '?'),
                        StringBuilder::append)
                .toString();
    }
}
