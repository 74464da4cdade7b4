package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WeChat Pay's own SDK and this adapter talk to the same gateway, and are given the same answers. */
class WechatpaySdkOracleTest {
    private static final Payment PAYMENT = Orders.payment("wechatpay");
    private static final String NUMBER = PAYMENT.id().toString();
    private static final String ORDER = "/v3/pay/transactions/out-trade-no/" + NUMBER;
    private static final String QUERY = "GET " + ORDER + "?mchid=" + FakeWechatpay.MERCHANT;

    private final FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system());
    private final GatewayClient client = new GatewayClient(null);
    private final WechatpayChannel channel = new WechatpayChannel(
            wechatpay.account(),
            () -> URI.create("https://pay.example/callbacks/wechatpay"),
            client,
            InstantSource.system(),
            new Random(1),
            FakeWechatpay.NO_FILE);
    private final NativePayService sdk = new NativePayService.Builder()
            .config(SdkClient.config())
            .httpClient(SdkClient.to(wechatpay))
            .build();

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private boolean sdkBelieves() {
        QueryOrderByOutTradeNoRequest request = new QueryOrderByOutTradeNoRequest();
        request.setMchid(FakeWechatpay.MERCHANT);
        request.setOutTradeNo(NUMBER);
        try {
            return NUMBER.equals(sdk.queryOrderByOutTradeNo(request).getOutTradeNo());
        } catch (RuntimeException e) {
            return false;
        }
    }

    private boolean weBelieve() {
        return channel.query(PAYMENT).evidence() instanceof Evidence.Paid;
    }

    /** The gateway answers only what the merchant's key has signed: it takes both for the merchant. */
    @Test
    void bothAskAlikeAndBelieveTheSameAnswer() {
        wechatpay.respond(QUERY, 200, FakeWechatpay.transaction(NUMBER, "SUCCESS"));

        assertThat(weBelieve()).isTrue();
        assertThat(sdkBelieves()).isTrue();

        Asked ours = wechatpay.gateway.asked().get(0);
        Asked theirs = wechatpay.gateway.asked().get(1);
        assertThat(ours.target()).isEqualTo(theirs.target());
        assertThat(ours.headers().getFirst("Wechatpay-Serial"))
                .isEqualTo(theirs.headers().getFirst("Wechatpay-Serial"));
        assertThat(FakeWechatpay.isMerchants(
                        new Asked(ours.method(), URI.create(ours.target() + "0"), ours.headers(), ours.body())))
                .as("another path is not signed")
                .isFalse();
    }

    @Test
    void bothCloseAlike() {
        wechatpay.respond("POST " + ORDER + "/close", 204, "");
        CloseOrderRequest request = new CloseOrderRequest();
        request.setMchid(FakeWechatpay.MERCHANT);
        request.setOutTradeNo(NUMBER);

        assertThat(channel.close(PAYMENT).evidence()).isEqualTo(new Evidence.Closed());
        sdk.closeOrder(request);

        assertThat(wechatpay.gateway.asked().get(0).target())
                .isEqualTo(wechatpay.gateway.asked().get(1).target());
    }

    /** Every byte of an answer is changed, and every character of its signature's headers; both are asked each time. */
    @Test
    void whatTheSdkRejectsIsRejected() {
        byte[] good = FakeWechatpay.transaction(NUMBER, "SUCCESS").getBytes(UTF_8);
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= 1;
            wechatpay.gateway.behave(request -> new Said(200, wechatpay.signed(good), changed));
            assertThat(weBelieve()).as("byte %s", i).isFalse();
            assertThat(sdkBelieves()).as("byte %s", i).isFalse();
        }
        for (String name : channel.signatureHeaders()) {
            for (int i = 0; i < wechatpay.signed(good).get(name).length(); i += 5) {
                Map<String, String> headers = wechatpay.signed(good);
                StringBuilder value = new StringBuilder(headers.get(name));
                value.setCharAt(i, value.charAt(i) == '1' ? '7' : '1');
                headers.put(name, value.toString());
                wechatpay.gateway.behave(request -> new Said(200, headers, good));
                assertThat(weBelieve() && !sdkBelieves()).as("%s, %s", name, i).isFalse();
            }
        }
    }

    @Test
    void anAnswerOfAnotherTimeIsRejectedByBoth() {
        byte[] good = FakeWechatpay.transaction(NUMBER, "SUCCESS").getBytes(UTF_8);
        Map<String, String> old = FakeWechatpay.signed(
                good, Instant.now().minusSeconds(301), FakeWechatpay.KEY_ID, FakeWechatpay.PLATFORM_KEYS);
        wechatpay.gateway.behave(request -> new Said(200, old, good));

        assertThat(weBelieve()).isFalse();
        assertThat(sdkBelieves()).isFalse();
    }
}
