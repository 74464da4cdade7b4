package dev.rung.cli;

import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.PaymentId;
import dev.rung.reconciliation.Bill;
import dev.rung.reconciliation.LocalPayment;
import dev.rung.reconciliation.Reconciliation;
import dev.rung.settings.ChannelTypes;
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

/** {@code rung reconcile}: compares a channel's bill with the payments, and reports the differences to the server. */
@Command(
        name = "reconcile",
        header = "Compares a channel's bill with the payments.",
        description = {
            "",
            "Reads a channel's trade bill as it is downloaded (CSV in GBK or UTF-8, also within .zip or .gz), or a plain"
                    + " CSV in UTF-8 with the columns out_trade_no,channel_trade_no,amount,currency,state,paid_at: amounts in major units"
                    + " (12.30), states succeeded, failed, closed or refunded, times such as 2026-11-23T12:03:04+08:00.",
            "Prints the differences and stores them on the server as discrepancies; known ones are not stored twice.",
            "Exit code 0 if there are no differences, 1 if there are.",
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

    @Option(names = "--channel", paramLabel = "NAME", order = 1, required = true, description = "name of the channel")
    private String channel = "";

    @Option(names = "--file", paramLabel = "FILE", order = 2, required = true, description = "bill file")
    private Path file = Path.of("");

    @Option(
            names = "--date",
            paramLabel = "DAY",
            order = 3,
            description = "day of the bill, 2026-11-23; default: as stated in the bill")
    private @Nullable LocalDate date;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            order = 4,
            description = "time zone of a plain bill's days; default: ${DEFAULT-VALUE}",
            defaultValue = "Asia/Shanghai")
    private ZoneId zone = ZoneId.of("Asia/Shanghai");

    @Option(names = "--dry-run", order = 5, description = "only print the differences")
    private boolean dryRun;

    @Option(names = "--json", order = 6, description = "print one JSON object per difference, then one with the totals")
    private boolean json;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            order = 7,
            description = "the server's plugins, whose bills can be read too (RUNG_PLUGINS, or plugins in rung.yaml)")
    private @Nullable Path plugins;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Reconcile(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path path = terminal.workingDirectory().resolve(file);
        try (ApiConnection api = server.api(terminal)) {
            ChannelTypes types = server.channelTypes(terminal, plugins);
            return compare(Bill.open(path, types.billFormats(), zone), types, api);
        } catch (BillException e) {
            throw new CommandFailed(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new CommandFailed("file not found: " + file);
        } catch (IOException e) {
            throw new CommandFailed(file + " cannot be read: " + e.getMessage());
        }
    }

    private int compare(Bill bill, ChannelTypes types, ApiConnection api) throws IOException {
        boolean ofAnotherType =
                types.names().contains(channel) && !bill.format().equals(channel);
        if (!bill.isPlain() && ofAnotherType) {
            throw new WrongUsage(file + " is a bill of " + bill.format() + ", not of the channel " + channel);
        }
        Reconciliation reconciliation = new Reconciliation(channel);
        ReconciliationReport findings = new ReconciliationReport(terminal, api, channel, json, dryRun);
        Optional<BillPeriod> billed = bill.read(reconciliation::note, findings::unreadable);
        BillPeriod period = period(bill, billed);
        OpenDiscrepancies open = dryRun ? OpenDiscrepancies.none(api) : OpenDiscrepancies.of(api, channel);
        reconciliation.watch(open.payments());
        int compared = comparePaid(reconciliation, period, api, findings);
        reconciliation.lookUp(id -> lookUp(id, api));
        bill.read(entry -> reconciliation.find(entry).ifPresent(findings::add), fault -> {});
        findings.settled(open.resolve(reconciliation.agreeing(), day(period, bill.zone())));
        return findings.end(new ReconciliationReport.Sums(
                day(period, bill.zone()), reconciliation.paid(), reconciliation.others(), compared));
    }

    /** The period that is compared; a bill of another day than the one asked for is refused. */
    private BillPeriod period(Bill bill, Optional<BillPeriod> billed) {
        if (date == null) {
            return billed.orElseThrow(() -> new WrongUsage(file + " does not state its day: specify --date"));
        }
        BillPeriod day = BillPeriod.of(date, bill.zone());
        billed.ifPresent(of -> {
            if (day.from().isBefore(of.from()) || day.to().isAfter(of.to())) {
                throw new CommandFailed(file + " is the bill of " + day(of, bill.zone()) + ", not of " + date);
            }
        });
        return day;
    }

    /** Compares Rung's payments of the period; returns their number. */
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
                reconciliation.compare(localPayment(payment)).ifPresent(findings::add);
            }
            cursor = page.path("next_cursor").isString()
                    ? page.path("next_cursor").asString()
                    : null;
        } while (cursor != null);
        return compared;
    }

    /** A payment that the bill reports as paid. If it is not final in Rung, the channel is queried first. */
    private Optional<LocalPayment> lookUp(PaymentId id, ApiConnection api) {
        ApiConnection.Answer answer = api.ask("GET", "/v1/payments/" + id, null);
        if (answer.status() == 404) {
            return Optional.empty();
        }
        JsonNode payment = api.demand(answer);
        String state = payment.path("state").asString("");
        boolean isOpen = state.equals("created") || state.equals("paying");
        return Optional.of(localPayment(isOpen && !dryRun ? api.post("/v1/payments/" + id + "/sync", null) : payment));
    }

    private static LocalPayment localPayment(JsonNode payment) {
        boolean wasPaid = payment.path("paid").path("value").asLong() > 0;
        JsonNode amount = payment.path(wasPaid ? "paid" : "amount");
        return new LocalPayment(
                PaymentId.parse(payment.path("id").asString("")),
                payment.path("channel").asString(""),
                payment.path("state").asString(""),
                Money.of(amount.path("value").asLong(), amount.path("currency").asString("")),
                wasPaid,
                payment.path("channel_trade_no").isString()
                        ? payment.path("channel_trade_no").asString()
                        : null,
                time(payment.path("paid_at")));
    }

    private static @Nullable Instant time(JsonNode text) {
        try {
            return text.isString() ? OffsetDateTime.parse(text.asString()).toInstant() : null;
        } catch (DateTimeParseException e) {
            throw new CommandFailed("cannot parse a time of the server: " + text);
        }
    }

    /** The day, or the first and last day of the period. */
    private static String day(BillPeriod period, ZoneId zone) {
        LocalDate first = period.from().atZone(zone).toLocalDate();
        LocalDate last = period.to().minusMillis(1).atZone(zone).toLocalDate();
        String shown = DateTimeFormatter.ISO_LOCAL_DATE.format(first);
        return first.equals(last) ? shown : shown + " to " + DateTimeFormatter.ISO_LOCAL_DATE.format(last);
    }
}
