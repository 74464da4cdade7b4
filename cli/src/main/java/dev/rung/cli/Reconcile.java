package dev.rung.cli;

import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import dev.rung.reconciliation.Bill;
import dev.rung.reconciliation.BillException;
import dev.rung.reconciliation.BillFormat;
import dev.rung.reconciliation.BillPeriod;
import dev.rung.reconciliation.LocalPayment;
import dev.rung.reconciliation.Reconciliation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code rung reconcile}: compares a channel's bill with the payments, and tells the server what differs. */
@Command(
        name = "reconcile",
        header = "Compares a channel's bill with the payments.",
        description = {
            "",
            "Reads Alipay's and WeChat Pay's trade bills as they are downloaded (CSV in GBK or UTF-8, also within .zip or .gz), or a plain"
                    + " CSV in UTF-8 with the columns out_trade_no,channel_trade_no,amount,currency,state,paid_at: amounts in major units"
                    + " (12.30), states succeeded, failed, closed or refunded, times such as 2026-11-23T12:03:04+08:00.",
            "What differs is printed, and kept by the server as discrepancies; what it knows already is not kept twice.",
            "Exit code 0 when nothing differs, 1 when something does.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung reconcile --channel alipay --file 20880011223344556677_20261123.csv.zip",
            "  ./rung reconcile --channel simulator --file bill.csv --date 2026-11-23 --dry-run"
        })
final class Reconcile implements Callable<Integer> {
    private static final int PAGE = 500;

    private final Terminal terminal;

    @Option(names = "--channel", paramLabel = "NAME", order = 1, required = true, description = "whose bill it is")
    private String channel = "";

    @Option(names = "--file", paramLabel = "FILE", order = 2, required = true, description = "the bill")
    private Path file = Path.of("");

    @Option(
            names = "--date",
            paramLabel = "DAY",
            order = 3,
            description = "for which day it is, 2026-11-23; else the bill says so itself")
    private @Nullable LocalDate date;

    @Option(names = "--dry-run", order = 4, description = "only print what differs")
    private boolean dryRun;

    @Option(names = "--json", order = 5, description = "one finding a line, and a last line with the sums")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Reconcile(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path path = terminal.workingDirectory().resolve(file);
        try (ApiConnection api = server.api(terminal)) {
            return compare(Bill.open(path), api);
        } catch (BillException e) {
            throw new CommandFailed(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new CommandFailed("there is no file " + file);
        } catch (IOException e) {
            throw new CommandFailed(file + " cannot be read: " + e.getMessage());
        }
    }

    private int compare(Bill bill, ApiConnection api) throws IOException {
        if (bill.format() != BillFormat.PLAIN && !bill.format().text().equals(channel)) {
            throw new WrongUsage(file + " is a bill of " + bill.format().text() + ", not of the channel " + channel);
        }
        Reconciliation reconciliation = new Reconciliation(channel);
        Optional<BillPeriod> billed = bill.read(reconciliation::note);
        BillPeriod period = date == null
                ? billed.orElseThrow(() -> new WrongUsage(file + " does not say for which day it is: give --date"))
                : BillPeriod.of(date, bill.zone());
        ReconciliationReport findings = new ReconciliationReport(terminal, api, channel, json, dryRun);
        int compared = comparePaid(reconciliation, period, api, findings);
        reconciliation.lookUp(id -> lookUp(id, api));
        bill.read(entry -> reconciliation.find(entry).ifPresent(findings::add));
        return findings.end(new ReconciliationReport.Sums(
                day(period, bill.zone()), reconciliation.paid(), reconciliation.others(), compared));
    }

    /** Compares what was paid here on those days; how many that were. */
    private int comparePaid(
            Reconciliation reconciliation, BillPeriod period, ApiConnection api, ReconciliationReport findings) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("channel", channel);
        query.put("state", "succeeded");
        query.put("paid_from", period.from());
        query.put("paid_to", period.to());
        query.put("limit", PAGE);
        int compared = 0;
        @Nullable String cursor = null;
        do {
            query.put("cursor", cursor);
            JsonNode page = api.get("/v1/payments" + ApiConnection.query(query));
            for (JsonNode payment : page.path("data")) {
                compared++;
                reconciliation.compare(ours(payment)).ifPresent(findings::add);
            }
            cursor = page.path("next_cursor").isString()
                    ? page.path("next_cursor").asString()
                    : null;
        } while (cursor != null);
        return compared;
    }

    private static Optional<LocalPayment> lookUp(PaymentId id, ApiConnection api) {
        ApiConnection.Answer answer = api.ask("GET", "/v1/payments/" + id, null, Map.of());
        return answer.status() == 404 ? Optional.empty() : Optional.of(ours(api.demand(answer)));
    }

    private static LocalPayment ours(JsonNode payment) {
        JsonNode amount = payment.path("amount");
        return new LocalPayment(
                PaymentId.parse(payment.path("id").asString("")),
                payment.path("channel").asString(""),
                payment.path("state").asString(""),
                Money.of(amount.path("value").asLong(), amount.path("currency").asString("")),
                payment.path("channel_trade_no").isString()
                        ? payment.path("channel_trade_no").asString()
                        : null,
                time(payment.path("paid_at")));
    }

    private static @Nullable Instant time(JsonNode text) {
        try {
            return text.isString() ? OffsetDateTime.parse(text.asString()).toInstant() : null;
        } catch (DateTimeParseException e) {
            throw new CommandFailed("the server's times cannot be read: " + text);
        }
    }

    /** The day, or the first and the last of several. */
    private static String day(BillPeriod period, ZoneId zone) {
        LocalDate first = period.from().atZone(zone).toLocalDate();
        LocalDate last = period.to().minusMillis(1).atZone(zone).toLocalDate();
        String shown = DateTimeFormatter.ISO_LOCAL_DATE.format(first);
        return first.equals(last) ? shown : shown + " to " + DateTimeFormatter.ISO_LOCAL_DATE.format(last);
    }
}
