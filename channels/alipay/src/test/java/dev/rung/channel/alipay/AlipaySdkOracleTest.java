package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.request.AlipayTradeQueryRequest;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Alipay's own SDK and this adapter talk to the same gateway, and are given the same answers. */
class AlipaySdkOracleTest {
    private static final Payment PAYMENT = Orders.payment("alipay");
    private static final String PAID = "{\"code\":\"10000\",\"msg\":\"Success\",\"buyer_logon_id\":\"159****5620\","
            + "\"out_trade_no\":\"" + PAYMENT.id() + "\",\"subject\":\"两杯茶\",\"total_amount\":\"12.30\","
            + "\"trade_no\":\"2026112322001\",\"trade_status\":\"TRADE_SUCCESS\"}";

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private final AlipayAccount account = alipay.account(AlipayAccount.Mode.PRECREATE);
    private final AlipayChannel channel = new AlipayChannel(
            account,
            () -> URI.create("https://pay.example/callbacks/alipay"),
            client,
            () -> NOON,
            FakeAlipay.NO_TOKENS,
            FakeAlipay.NO_FILE);
    private final DefaultAlipayClient sdk = new DefaultAlipayClient(
            account.gateway().toString(),
            FakeAlipay.APP,
            FakeAlipay.appPrivateKey(),
            "json",
            "utf-8",
            FakeAlipay.alipayPublicKey(),
            "RSA2");

    @AfterEach
    void close() {
        client.close();
        alipay.close();
    }

    private boolean sdkBelieves() {
        AlipayTradeQueryRequest request = new AlipayTradeQueryRequest();
        request.setBizContent("{\"out_trade_no\":\"" + PAYMENT.id() + "\"}");
        try {
            return sdk.execute(request).isSuccess();
        } catch (AlipayApiException | RuntimeException e) {
            return false;
        }
    }

    private boolean weBelieve() {
        return channel.query(PAYMENT).evidence() instanceof Evidence.Paid;
    }

    @Test
    void bothAskAlikeAndBelieveTheSameAnswer() {
        alipay.respond("alipay.trade.query", PAID);

        assertThat(weBelieve()).isTrue();
        assertThat(sdkBelieves()).isTrue();

        Map<String, String> ours = FakeAlipay.fields(alipay.gateway.asked().get(0));
        Map<String, String> theirs = FakeAlipay.fields(alipay.gateway.asked().get(1));
        assertThat(theirs)
                .containsAllEntriesOf(Map.of(
                        "method", ours.get("method"),
                        "app_id", ours.get("app_id"),
                        "version", ours.get("version"),
                        "sign_type", ours.get("sign_type"),
                        "charset", ours.get("charset"),
                        "biz_content", ours.get("biz_content")));
        assertThat(theirs.get("format")).isEqualToIgnoringCase(ours.get("format"));
        assertThat(theirs.get("timestamp")).hasSameSizeAs(ours.get("timestamp"));
    }

    /** Some servers of Alipay's write a slash as {@code \/} after signing. */
    @Test
    void anAnswerWhoseSlashesWereEscapedAfterSigningIsBelievedByBoth() {
        String slash = PAID.replace("两杯茶", "a/b");
        String good = FakeAlipay.envelope("alipay.trade.query", slash);
        alipay.gateway.behave(request -> FakeAlipay.said(good.replace("a/b", "a\\/b")));

        assertThat(weBelieve()).isTrue();
        assertThat(sdkBelieves()).isTrue();
    }

    /** Every byte of an answer is changed; both are asked each time. */
    @Test
    void whatTheSdkRejectsIsRejected() {
        byte[] good = FakeAlipay.envelope("alipay.trade.query", PAID).getBytes(UTF_8);
        int rejected = 0;
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= 1;
            alipay.gateway.behave(request -> new Said(200, Map.of("content-type", "text/html;charset=utf-8"), changed));
            boolean believed = weBelieve();
            if (believed) {
                assertThat(sdkBelieves()).as(new String(changed, UTF_8)).isTrue();
            }
            rejected += believed ? 0 : 1;
        }
        // The unused bits at the end of the signature mean nothing.
        assertThat(rejected).isGreaterThan(good.length - 4);
    }

    @Test
    void theSdkRejectsASignatureOverOtherBytesThatMeanTheSame() {
        String spaced = FakeAlipay.envelope("alipay.trade.query", PAID).replace(",\"msg\"", ", \"msg\"");
        alipay.gateway.behave(request -> FakeAlipay.said(spaced));

        assertThat(List.of(weBelieve(), sdkBelieves())).containsExactly(false, false);
    }
}
