package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.internal.util.AlipaySignature;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlipayCallbackTest {
    private static FakeAlipay alipay;
    private static GatewayClient client;
    private static AlipayChannel channel;

    @BeforeAll
    static void open() {
        alipay = new FakeAlipay();
        client = new GatewayClient(null);
        channel = new AlipayChannel(
                alipay.account(AlipayAccount.Mode.PRECREATE),
                () -> URI.create("https://pay.example/callbacks/alipay"),
                client,
                () -> NOON,
                FakeAlipay.NO_TOKENS,
                FakeAlipay.NO_FILE);
    }

    @AfterAll
    static void close() {
        client.close();
        alipay.close();
    }

    /** As Alipay sends it for a payment. */
    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("gmt_create", "2026-11-23 12:02:30");
        fields.put("charset", "utf-8");
        fields.put("gmt_payment", "2026-11-23 12:03:04");
        fields.put("notify_time", "2026-11-23 12:03:05");
        fields.put("subject", "两杯茶 & more = 100%");
        fields.put("buyer_id", "2088602315385429");
        fields.put("body", "");
        fields.put("invoice_amount", "12.30");
        fields.put("version", "1.0");
        fields.put("notify_id", "2026112300222120304085421457127222");
        fields.put("fund_bill_list", "[{\"amount\":\"12.30\",\"fundChannel\":\"ALIPAYACCOUNT\"}]");
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", "pay_0000000000001");
        fields.put("total_amount", "12.30");
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("trade_no", "2026112322001485421457127222");
        fields.put("auth_app_id", FakeAlipay.APP);
        fields.put("receipt_amount", "12.30");
        fields.put("app_id", FakeAlipay.APP);
        fields.put("seller_id", FakeAlipay.SELLER);
        return fields;
    }

    private static Callback read(String body) {
        return channel.readCallback(new CallbackRequest(Map.of(), null, body.getBytes(UTF_8)));
    }

    private static Callback read(String name, String value) {
        Map<String, String> fields = fields();
        fields.put(name, value);
        return read(FakeAlipay.notification(fields));
    }

    private static Evidence evidence(Callback callback) {
        assertThat(callback).isInstanceOf(Callback.Verified.class);
        return ((Callback.Verified) callback).evidence();
    }

    @Test
    void aPaymentIsRead() {
        assertThat(read(FakeAlipay.notification(fields())))
                .isEqualTo(new Callback.Verified(
                        "pay_0000000000001",
                        new Evidence.Paid(
                                "2026112322001485421457127222",
                                Money.of(1230, "CNY"),
                                Instant.parse("2026-11-23T04:03:04Z"))));
    }

    @Test
    void statesMeanWhatAlipaySays() {
        assertThat(evidence(read("trade_status", "TRADE_FINISHED"))).isInstanceOf(Evidence.Paid.class);
        assertThat(evidence(read("trade_status", "WAIT_BUYER_PAY"))).isEqualTo(new Evidence.Unpaid());
        assertThat(evidence(read("trade_status", "TRADE_PENDING"))).isInstanceOf(Evidence.Unknown.class);
        assertThat(evidence(read("trade_status", ""))).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void aClosedTradeThatWasPaidIsNotClosed() {
        assertThat(evidence(read("trade_status", "TRADE_CLOSED"))).isInstanceOf(Evidence.Paid.class);

        Map<String, String> fields = fields();
        fields.put("trade_status", "TRADE_CLOSED");
        fields.remove("gmt_payment");
        assertThat(evidence(read(FakeAlipay.notification(fields)))).isEqualTo(new Evidence.Closed());

        fields.put("refund_fee", "12.30");
        fields.put("gmt_refund", "2026-11-23 12:30:00.123");
        assertThat(evidence(read(FakeAlipay.notification(fields)))).isInstanceOf(Evidence.Paid.class);
    }

    @Test
    void whatIsForOthersIsNotBelieved() {
        assertThat(read("app_id", "2021000000000002"))
                .isEqualTo(new Callback.Unverified("the callback is for another app"));
        assertThat(read("seller_id", "2088000000000000"))
                .isEqualTo(new Callback.Unverified("the callback is for another seller"));
        assertThat(read("out_trade_no", "")).isInstanceOf(Callback.class);
    }

    @ParameterizedTest
    @CsvSource({"12.301", "0.00", "-12.30", "12e2x"})
    void anAmountThatIsNoneIsUnknown(String amount) {
        assertThat(evidence(read("total_amount", amount))).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void aSignatureOfAnotherKindIsNotBelieved() {
        String body = FakeAlipay.notification(fields());

        assertThat(read(body.replace("sign_type=RSA2", "sign_type=RSA"))).isInstanceOf(Callback.Unverified.class);
        assertThat(read(body.replace("&sign_type=RSA2", ""))).isInstanceOf(Callback.Unverified.class);
        assertThat(read(body.replaceFirst("&sign=[^&]*", ""))).isInstanceOf(Callback.Unverified.class);
        assertThat(read(body + "&total_amount=99.99")).isInstanceOf(Callback.Unverified.class);
        assertThat(read("")).isInstanceOf(Callback.Unverified.class);
        assertThat(read("a=%zz")).isInstanceOf(Callback.Unverified.class);
    }

    @Test
    void aCallbackThatCanBeCutAnotherWayIsNotBelieved() {
        String subject = "tea&total_amount=12.30&trade_no=9&trade_status=TRADE_SUCCESS&u=";
        Map<String, String> fields = fields();
        fields.put("trade_status", "WAIT_BUYER_PAY");
        fields.put("subject", subject);
        String genuine = FakeAlipay.notification(fields);
        String cut = genuine.replace(
                URLEncoder.encode(subject, UTF_8),
                "tea&total_amount=12.30&trade_no=9&trade_status=TRADE_SUCCESS&u="
                        + URLEncoder.encode(
                                "&total_amount=12.30&trade_no=" + fields.get("trade_no")
                                        + "&trade_status=WAIT_BUYER_PAY&version=1.0",
                                UTF_8));
        for (String field : new String[] {"total_amount", "trade_no", "trade_status", "version"}) {
            cut = cut.replaceFirst("&" + field + "=" + URLEncoder.encode(fields.get(field), UTF_8) + "(?=&|$)", "&");
        }
        cut = cut.replaceAll("&+", "&");

        assertThat(read(genuine)).isInstanceOf(Callback.Unverified.class);
        assertThat(read(cut)).isInstanceOf(Callback.Unverified.class);
        assertThat(channel.checkSubject(subject)).contains("&name=");
        assertThat(channel.checkSubject("两杯茶 & more = 100%")).isNull();
    }

    @Test
    void aNameThatCouldHoldAFieldIsNotBelieved() {
        Map<String, String> fields = fields();
        fields.put("version&x", "1");
        assertThat(read(FakeAlipay.notification(fields))).isInstanceOf(Callback.Unverified.class);
    }

    /** Every byte of a notification is changed, in two ways; the SDK is asked each time. */
    @Test
    void whatTheSdkRejectsIsRejected() {
        byte[] body = FakeAlipay.notification(fields()).getBytes(UTF_8);
        int rejected = 0;
        for (int i = 0; i < body.length; i++) {
            for (int flip : new int[] {1, 0x20}) {
                byte[] changed = body.clone();
                changed[i] ^= (byte) flip;
                boolean believed =
                        channel.readCallback(new CallbackRequest(Map.of(), null, changed)) instanceof Callback.Verified;
                boolean sdk = sdkBelieves(new String(changed, UTF_8));
                if (believed) {
                    assertThat(sdk)
                            .as("%s, byte %s", new String(changed, UTF_8), i)
                            .isTrue();
                }
                rejected += believed ? 0 : 1;
            }
        }
        // Some changes mean the same: %2f and %2F, the unused bits at the end of the signature.
        assertThat(rejected).isGreaterThan(2 * body.length - 80);
    }

    @Test
    void eachFieldIsSigned() {
        Map<String, String> genuine = FakeAlipay.parse(FakeAlipay.notification(fields()));
        for (String name : genuine.keySet()) {
            Map<String, String> changed = new LinkedHashMap<>(genuine);
            changed.put(name, changed.get(name) + "0");
            assertThat(read(SignedFields.form(changed))).as(name).isInstanceOf(Callback.Unverified.class);
            assertThat(sdkBelieves(SignedFields.form(changed)) && !name.equals("sign_type"))
                    .as(name)
                    .isFalse();
        }
    }

    private static boolean sdkBelieves(String body) {
        try {
            return AlipaySignature.rsaCheckV1(FakeAlipay.parse(body), FakeAlipay.alipayPublicKey(), "utf-8", "RSA2");
        } catch (AlipayApiException | RuntimeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GBK", "gb2312", "GB18030", "utf-8"})
    void aCallbackInAnotherCharsetIsReadByBoth(String charset) throws AlipayApiException {
        Map<String, String> fields = fields();
        fields.put("charset", charset);
        fields.put("subject", "两杯茶");
        String body = FakeAlipay.notification(fields, Charset.forName(charset));
        assertThat(evidence(read(body))).isInstanceOf(Evidence.Paid.class);
        Map<String, String> received = FakeAlipay.parse(body, Charset.forName(charset));
        assertThat(AlipaySignature.rsaCheckV1(received, FakeAlipay.alipayPublicKey(), charset, "RSA2"))
                .isTrue();
    }

    @Test
    void aCallbackInACharsetThatAlipayDoesNotUseIsNotBelieved() {
        assertThat(read("charset", "UTF-16")).isInstanceOf(Callback.Unverified.class);
    }
}
