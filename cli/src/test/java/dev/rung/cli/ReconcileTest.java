package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.PaymentId;
import dev.rung.reconciliation.SampleBills;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcileTest {
    private static final String FIRST = new PaymentId(1).toString();
    private static final String SECOND = new PaymentId(2).toString();
    private static final String LIST =
            "GET /v1/payments?channel=alipay&state=succeeded&paid_from=2026-11-22T16%3A00%3A00Z"
                    + "&paid_to=2026-11-23T16%3A00%3A00Z&limit=500";

    @TempDir
    Path folder;

    private StubServer server;
    private Cli cli;

    @BeforeEach
    void serve() throws IOException {
        server = new StubServer();
        server.announce(folder);
        cli = new Cli(folder);
        server.reply("GET /v1/discrepancies?limit=500", 200, "{\"data\":[],\"next_cursor\":null}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String payment(String id, String state, String tradeNo) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state
                + "\",\"channel\":\"alipay\",\"amount\":{\"value\":1230,\"currency\":\"CNY\"},"
                + "\"channel_trade_no\":" + tradeNo + ",\"paid_at\":\"2026-11-23T04:03:04.000Z\"}";
    }

    private Cli.Run reconcile(String... more) {
        String[] args = new String[more.length + 5];
        System.arraycopy(new String[] {"reconcile", "--channel", "alipay", "--file", "bill.csv"}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return cli.run(args);
    }

    @Test
    void aBillThatAgreesEndsWell() {
        SampleBills.file(
                folder,
                "bill.csv",
                SampleBills.alipay(
                        SampleBills.alipayTrade("T1", FIRST, "茶", "12.30"),
                        SampleBills.alipayRefund("T1", FIRST, "12.30")),
                SampleBills.GBK);
        server.reply(LIST, 200, "{\"data\":[],\"next_cursor\":\"c1\"}");
        server.reply(
                LIST + "&cursor=c1",
                200,
                "{\"data\":[" + payment(FIRST, "succeeded", "\"T1\"") + "],\"next_cursor\":null}");

        Cli.Run run = reconcile();

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        "alipay, 2026-11-23: 1 paid on the bill (and 1 other lines), 1 paid in Rung\nNo differences.\n");
        assertThat(run.code()).isZero();
        assertThat(server.asked("POST /v1/reconciliations")).isEmpty();
    }

    @Test
    void whatDiffersIsShownAndReported() {
        SampleBills.zip(folder, "bill.csv", SampleBills.alipay(SampleBills.alipayTrade("T1", FIRST, "茶", "12.30")));
        server.reply(LIST, 200, "{\"data\":[" + payment(SECOND, "succeeded", "\"T2\"") + "],\"next_cursor\":null}");
        server.reply("GET /v1/payments/" + FIRST, 200, payment(FIRST, "closed", "null"));
        server.reply("POST /v1/reconciliations", 200, "{\"stored\":1,\"known\":1}");

        Cli.Run run = reconcile();

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                difference      order              line  on the bill                             in Rung
                missing_there   %s  -     -                                       succeeded 12.30 CNY T2 2026-11-23T04:03:04Z
                state_mismatch  %s  6     paid 12.30 CNY T1 2026-11-23T04:03:04Z  closed 12.30 CNY

                alipay, 2026-11-23: 1 paid on the bill, 1 paid in Rung
                2 differences; 1 new, stored as discrepancies
                """.formatted(SECOND, FIRST));
        assertThat(run.code()).isEqualTo(1);
        assertThat(server.asked("POST /v1/reconciliations").getFirst().body())
                .isEqualTo(
                        "{\"channel\":\"alipay\",\"findings\":["
                                + "{\"kind\":\"missing_there\",\"out_trade_no\":\"" + SECOND
                                + "\",\"channel_trade_no\":null,\"payment_id\":\"" + SECOND
                                + "\",\"detail\":\"here: succeeded 12.30 CNY T2 2026-11-23T04:03:04Z; not on the bill\"},"
                                + "{\"kind\":\"state_mismatch\",\"out_trade_no\":\"" + FIRST
                                + "\",\"channel_trade_no\":\"T1\",\"payment_id\":\"" + FIRST
                                + "\",\"detail\":\"on the bill: paid 12.30 CNY T1 2026-11-23T04:03:04Z; here: closed 12.30 CNY\"}]}");
    }

    /** As the daily comparison: what was paid counts, also late or with another amount than the order's. */
    @Test
    void whatWasPaidIsComparedNotWhatWasOrdered() {
        SampleBills.zip(folder, "bill.csv", SampleBills.alipay(SampleBills.alipayTrade("T1", FIRST, "茶", "12.00")));
        server.reply(LIST, 200, "{\"data\":[],\"next_cursor\":null}");
        server.reply(
                "GET /v1/payments/" + FIRST,
                200,
                payment(FIRST, "closed", "\"T1\"")
                        .replace("\"paid_at\"", "\"paid\":{\"value\":1200,\"currency\":\"CNY\"},\"paid_at\""));

        Cli.Run run = reconcile();

        assertThat(run.out()).isEqualTo("alipay, 2026-11-23: 1 paid on the bill, 0 paid in Rung\nNo differences.\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aDryRunReportsNothing() {
        SampleBills.file(folder, "bill.csv", SampleBills.plain("order-7,T7,12.30,CNY,succeeded,"));
        server.reply(LIST, 200, "{\"data\":[],\"next_cursor\":null}");

        Cli.Run run = reconcile("--dry-run", "--json", "--date", "2026-11-23");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        "{\"kind\":\"missing_here\",\"out_trade_no\":\"order-7\",\"channel_trade_no\":\"T7\",\"payment_id\":null,"
                                + "\"detail\":\"on the bill: paid 12.30 CNY T7; not here\",\"line\":2}\n"
                                + "{\"channel\":\"alipay\",\"day\":\"2026-11-23\",\"billed\":1,\"ignored\":0,\"here\":0,\"findings\":1,\"stored\":0,\"unreadable\":0,\"resolved\":0}\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(server.asked("POST /v1/reconciliations")).isEmpty();
    }

    @Test
    void aBillOfAnotherChannelIsWrongUsage() {
        SampleBills.file(folder, "bill.csv", SampleBills.wechatpay());

        Cli.Run run = reconcile();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("rung reconcile: bill.csv is a bill of wechatpay, not of the channel alipay\n");
    }

    @Test
    void aBillThatDoesNotSayItsDayNeedsOne() {
        SampleBills.file(folder, "bill.csv", SampleBills.plain());

        assertThat(reconcile().err()).isEqualTo("rung reconcile: bill.csv does not state its day: specify --date\n");
        assertThat(reconcile("--date", "23.11.2026").code()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotThereOrNoBillIsNamed() {
        assertThat(reconcile().err()).isEqualTo("rung reconcile: file not found: bill.csv\n");

        SampleBills.file(folder, "bill.csv", "a,b,c\n1,2,3\n");
        Cli.Run run = reconcile();
        assertThat(run.err()).startsWith("rung reconcile: bill.csv: not a bill in a known format");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aLineThatCannotBeReadIsNamedAndTheOthersAreCompared() {
        SampleBills.file(
                folder,
                "bill.csv",
                SampleBills.plain("x", FIRST + ",T1,12.30,CNY,succeeded,2026-11-23T12:03:04+08:00"));
        server.reply(LIST, 200, "{\"data\":[" + payment(FIRST, "succeeded", "\"T1\"") + "],\"next_cursor\":null}");

        Cli.Run run = reconcile();
        assertThat(run.err()).isEqualTo("not compared: line 2: 1 fields instead of 6\n");
        assertThat(run.out()).contains("1 lines of the bill could not be read").contains("No differences.");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aBillOfAnotherDayIsRefused() {
        SampleBills.file(folder, "bill.csv", SampleBills.alipay(SampleBills.alipayTrade("T1", FIRST, "茶", "12.30")));

        Cli.Run run = reconcile("--date", "2026-11-24");
        assertThat(run.err()).isEqualTo("rung reconcile: bill.csv is the bill of 2026-11-23, not of 2026-11-24\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void whatIsPayingHereAndPaidOnTheBillIsQueriedAtOnce() {
        SampleBills.file(folder, "bill.csv", SampleBills.alipay(SampleBills.alipayTrade("T1", FIRST, "茶", "12.30")));
        server.reply(LIST, 200, "{\"data\":[],\"next_cursor\":null}");
        server.reply("GET /v1/payments/" + FIRST, 200, payment(FIRST, "paying", "null"));
        server.reply("POST /v1/payments/" + FIRST + "/sync", 200, payment(FIRST, "succeeded", "\"T1\""));

        Cli.Run run = reconcile();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("No differences.");
        assertThat(run.code()).isZero();
    }

    @Test
    void whatALaterBillSettlesIsResolved() {
        SampleBills.file(folder, "bill.csv", SampleBills.alipay(SampleBills.alipayTrade("T1", FIRST, "茶", "12.30")));
        server.reply(LIST, 200, "{\"data\":[],\"next_cursor\":null}");
        // Paid one second before midnight here, on the next day's bill there.
        server.reply("GET /v1/payments/" + FIRST, 200, payment(FIRST, "succeeded", "\"T1\""));
        server.reply(
                "GET /v1/discrepancies?limit=500",
                200,
                "{\"data\":[{\"id\":\"dsc_1\",\"kind\":\"missing_there\",\"channel\":\"alipay\",\"subject\":\"" + FIRST
                        + "\"},{\"id\":\"dsc_2\",\"kind\":\"missing_there\",\"channel\":\"alipay\",\"subject\":\""
                        + SECOND
                        + "\"},{\"id\":\"dsc_3\",\"kind\":\"missing_there\",\"channel\":\"wechatpay\",\"subject\":\""
                        + FIRST
                        + "\"}],\"next_cursor\":null}");
        server.reply("POST /v1/discrepancies/dsc_1/resolve", 200, "{}");

        Cli.Run run = reconcile();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("1 earlier discrepancies are resolved by this bill");
        assertThat(server.asked("POST /v1/discrepancies/dsc_1/resolve")
                        .getFirst()
                        .body())
                .isEqualTo("{\"note\":\"resolved by the bill of 2026-11-23, which agrees with the payment\"}");
    }
}
