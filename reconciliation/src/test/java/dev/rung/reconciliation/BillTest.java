package dev.rung.reconciliation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.channel.alipay.AlipayType;
import dev.rung.channel.wechatpay.WechatpayType;
import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillEntry.Kind;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillPeriod;
import dev.rung.payments.model.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BillTest {
    private static final BillPeriod THE_DAY =
            new BillPeriod(Instant.parse("2026-11-22T16:00:00Z"), Instant.parse("2026-11-23T16:00:00Z"));
    private static final Instant NOON = Instant.parse("2026-11-23T04:03:04Z");

    private static final List<BillFormat> FORMATS = List.of(
            new AlipayType().billFormat().orElseThrow(),
            new WechatpayType().billFormat().orElseThrow());

    @TempDir
    Path folder;

    /** What a bill says. */
    private record Read(String format, List<BillEntry> entries, Optional<BillPeriod> period, List<String> unreadable) {
        Read(String format, List<BillEntry> entries, Optional<BillPeriod> period) {
            this(format, entries, period, List.of());
        }
    }

    private static Read read(Path file) throws IOException {
        Bill bill = Bill.open(file, FORMATS, ZoneId.of("Asia/Shanghai"));
        List<BillEntry> entries = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Optional<BillPeriod> period = bill.read(entries::add, fault -> faults.add(fault.getMessage()));
        List<BillEntry> again = new ArrayList<>();
        bill.read(again::add, fault -> {});
        assertThat(again).isEqualTo(entries);
        return new Read(bill.format(), entries, period, faults);
    }

    private static BillEntry paid(int line, String number, String tradeNo, long amount) {
        return new BillEntry(line, Kind.PAID, number, tradeNo, Money.of(amount, "CNY"), NOON);
    }

    @Test
    void alipaysBillIsReadInGbkAndInUtf8() throws IOException {
        String text = SampleBills.alipay(
                SampleBills.alipayTrade("2026112322001", "pay_1", "两杯茶", "12.30"),
                SampleBills.alipayRefund("2026112322001", "pay_1", "12.30"));
        Read expected = new Read(
                "alipay",
                List.of(
                        paid(6, "pay_1", "2026112322001", 1230),
                        new BillEntry(7, Kind.OTHER, "pay_1", "2026112322001", null, NOON)),
                Optional.of(THE_DAY));

        assertThat(read(SampleBills.file(folder, "gbk.csv", text, SampleBills.GBK)))
                .isEqualTo(expected);
        assertThat(read(SampleBills.file(folder, "utf8.csv", text))).isEqualTo(expected);
        assertThat(read(SampleBills.file(folder, "mark.csv", "\ufeff" + text))).isEqualTo(expected);
    }

    @Test
    void alipaysBillIsFoundInItsZip() throws IOException {
        String text = SampleBills.alipay(SampleBills.alipayTrade("2026112322001", "pay_1", "两杯茶", "12.30"));

        assertThat(read(SampleBills.zip(folder, "bill.csv.zip", text)).entries())
                .containsExactly(paid(6, "pay_1", "2026112322001", 1230));
    }

    @Test
    void aNameOfGoodsMayHoldCommas() throws IOException {
        assertThat(read(SampleBills.file(
                                folder,
                                "a.csv",
                                SampleBills.alipay(SampleBills.alipayTrade("1", "pay_1", "茶, 2,5 杯", "12.30")),
                                SampleBills.GBK))
                        .entries())
                .containsExactly(paid(6, "pay_1", "1", 1230));
        assertThat(read(SampleBills.file(
                                folder,
                                "w.csv",
                                SampleBills.wechatpay(SampleBills.wechatpayTrade("1", "pay_1", "茶, 2,5 杯", "12.30"))))
                        .entries())
                .containsExactly(paid(2, "pay_1", "1", 1230));
    }

    @Test
    void wechatpaysBillIsReadWithTheOrdersWholeAmount() throws IOException {
        Read read = read(SampleBills.file(
                folder,
                "bill.csv",
                SampleBills.wechatpay(
                        SampleBills.wechatpayTrade("4200000001", "pay_1", "两杯茶", "12.30"),
                        SampleBills.wechatpayRefund("4200000001", "pay_1", "12.30"))));

        assertThat(read)
                .isEqualTo(new Read(
                        "wechatpay",
                        List.of(
                                paid(2, "pay_1", "4200000001", 1230),
                                new BillEntry(
                                        3,
                                        Kind.REFUNDED,
                                        "pay_1",
                                        "4200000001",
                                        "RF-1",
                                        Money.of(1230, "CNY"),
                                        Instant.parse("2026-11-23T10:03:04Z"))),
                        Optional.of(THE_DAY)));
    }

    @Test
    void aPackedBillIsReadToo() throws IOException {
        Path file = folder.resolve("bill.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(SampleBills.wechatpay(SampleBills.wechatpayTrade("1", "pay_1", "茶", "12.30"))
                    .getBytes(UTF_8));
        }

        assertThat(read(file).entries()).containsExactly(paid(2, "pay_1", "1", 1230));
    }

    @Test
    void aDayWithoutPaymentsIsABillToo() throws IOException {
        assertThat(read(SampleBills.file(folder, "a.csv", SampleBills.alipay())))
                .isEqualTo(new Read("alipay", List.of(), Optional.of(THE_DAY)));
        assertThat(read(SampleBills.file(folder, "w.csv", SampleBills.wechatpay())))
                .isEqualTo(new Read("wechatpay", List.of(), Optional.empty()));
    }

    @Test
    void aPlainBillIsReadByItsColumnsNames() throws IOException {
        Read read = read(SampleBills.file(folder, "bill.csv", """
                # ours
                state,out_trade_no,amount,currency,paid_at,channel_trade_no,note
                succeeded,pay_1,12.3,CNY,2026-11-23T12:03:04+08:00,T1,"two, ""teas""\"
                succeeded,pay_2,1230,JPY,,T2,
                closed,pay_3,,,,,
                refunded,pay_1,12.30,CNY,2026-11-23T12:03:04+08:00,T1,
                """));

        assertThat(read.format()).isEqualTo("plain");
        assertThat(read.entries())
                .containsExactly(
                        paid(3, "pay_1", "T1", 1230),
                        new BillEntry(4, Kind.PAID, "pay_2", "T2", Money.of(1230, "JPY"), null),
                        new BillEntry(5, Kind.NOT_PAID, "pay_3", "", null, null),
                        new BillEntry(6, Kind.OTHER, "pay_1", "T1", null, NOON));
        assertThat(read.period()).hasValue(THE_DAY);
    }

    @Test
    void aBillThatIsCutOffIsRefused() {
        String alipay = SampleBills.alipay(SampleBills.alipayTrade("1", "pay_1", "茶", "12.30"));
        String wechatpay = SampleBills.wechatpay(SampleBills.wechatpayTrade("1", "pay_1", "茶", "12.30"));
        for (String cut : List.of(
                alipay.substring(0, alipay.indexOf("#---", alipay.indexOf("pay_1"))),
                wechatpay.substring(0, wechatpay.indexOf("总交易单数")))) {
            Path file = SampleBills.file(folder, "cut.csv", cut);
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(BillException.class)
                    .hasMessageContaining("incomplete");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pay_1,T,12.301,CNY,succeeded,",
                "pay_1,T,,CNY,succeeded,",
                "pay_1,T,0.00,CNY,succeeded,",
                "pay_1,T,12.30,XYZ,succeeded,",
                "pay_1,T,12.30,CNY,paid,",
                "pay_1,T,12.30,CNY,succeeded,yesterday",
                "pay_1,T,12.30,CNY,succeeded"
            })
    void aLineThatCannotBeReadIsNamedAndTheOthersAreRead(String line) throws IOException {
        Read read = read(SampleBills.file(
                folder,
                "bill.csv",
                SampleBills.plain("pay_0,T,1.00,CNY,succeeded,", line, "pay_2,T,1.00,CNY,succeeded,")));

        assertThat(read.unreadable()).singleElement().asString().startsWith("line 3: ");
        assertThat(read.entries()).extracting(BillEntry::outTradeNo).containsExactly("pay_0", "pay_2");
    }

    @Test
    void aLineOfAPlatformThatCannotBeReadIsNamed() throws IOException {
        Path alipay = SampleBills.file(
                folder,
                "a.csv",
                SampleBills.alipay(
                        SampleBills.alipayTrade("1", "pay_1", "茶", "12.30").replace(":04,", "x,")));
        assertThat(read(alipay).unreadable()).singleElement().asString().startsWith("line 6: ");

        Path wechatpay = SampleBills.file(
                folder,
                "w.csv",
                SampleBills.wechatpay(
                        SampleBills.wechatpayTrade("1", "pay_1", "茶", "12.30").replace(",`12.30", "")));
        assertThat(read(wechatpay).unreadable()).containsExactly("line 2: 26 fields instead of 27");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"热茶", "茶,两杯,\"热\"", "茶\"", "\"茶,\"\"", "茶,`热"})
    void aProductNameWithQuotationMarksAndSeparatorsStopsNothing(String name) throws IOException {
        assertThat(read(SampleBills.file(
                                folder,
                                "a.csv",
                                SampleBills.alipay(
                                        SampleBills.alipayTrade("1", "pay_1", name, "12.30"),
                                        SampleBills.alipayTrade("2", "pay_2", "茶", "12.30"))))
                        .entries())
                .containsExactly(paid(6, "pay_1", "1", 1230), paid(7, "pay_2", "2", 1230));
        assertThat(read(SampleBills.file(
                                folder,
                                "w.csv",
                                SampleBills.wechatpay(
                                        SampleBills.wechatpayTrade("1", "pay_1", name, "12.30"),
                                        SampleBills.wechatpayTrade("2", "pay_2", "茶", "12.30"))))
                        .entries())
                .containsExactly(paid(2, "pay_1", "1", 1230), paid(3, "pay_2", "2", 1230));
    }

    @Test
    void aBillOfRefundsAloneIsRefused() {
        String bill = SampleBills.wechatpay().replace("微信退款单号,", "退款申请时间,退款成功时间,微信退款单号,");
        Path file = SampleBills.file(folder, "refunds.csv", bill);
        assertThatThrownBy(() -> read(file)).isInstanceOf(BillException.class).hasMessageContaining("refunds alone");
    }

    @Test
    void theDaysOfAPlainBillAreThoseOfTheGivenZone() throws IOException {
        Path file = SampleBills.file(
                folder, "bill.csv", SampleBills.plain("pay_0,T,1.00,CNY,succeeded,2026-11-23T23:30:00+08:00"));
        for (String zone : List.of("Asia/Shanghai", "UTC", "America/New_York", "Pacific/Kiritimati")) {
            ZoneId at = ZoneId.of(zone);
            LocalDate day = Instant.parse("2026-11-23T15:30:00Z").atZone(at).toLocalDate();
            assertThat(Bill.open(file, FORMATS, at).read(entry -> {}, fault -> {}))
                    .hasValue(BillPeriod.of(day, at));
        }
    }

    @Test
    void whatIsNoBillIsRefused() throws IOException {
        for (String text : List.of("", "a,b,c\n1,2,3\n", "# only a remark\n", "PK", SampleBills.alipayTotals())) {
            Path file = SampleBills.file(folder, "x.csv", text);
            assertThatThrownBy(() -> Bill.open(file, FORMATS, ZoneId.of("Asia/Shanghai")))
                    .as(text)
                    .isInstanceOf(BillException.class);
        }
        Path endless =
                Files.write(folder.resolve("endless.csv"), (SampleBills.plain() + "x".repeat(100_000)).getBytes(UTF_8));
        assertThatThrownBy(() -> read(endless))
                .isInstanceOf(BillException.class)
                .hasMessageStartingWith("line 2: the line is too long");
    }

    @Test
    void oneDayIsFromMidnightToMidnight() {
        assertThat(BillPeriod.of(LocalDate.of(2026, 11, 23), ZoneId.of("Asia/Shanghai")))
                .isEqualTo(THE_DAY);
    }
}
