package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.request.AlipayTradeQueryRequest;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service provider's account: every request carries the authorization of the merchant that is paid. */
class AlipayServiceProviderTest {
    private static final Payment PAYMENT = Orders.payment("alipay");
    private static final String OF_ACCOUNT = "201510BBaabdb44d8fd04607abf8d5931ec75D84";
    private static final String OF_MERCHANT = "202611BB0123456789abcdef0123456789abcX77";

    private final FakeAlipay alipay = new FakeAlipay();
    private final GatewayClient client = new GatewayClient(null);
    private final Map<MerchantId, String> tokens = new HashMap<>();

    @AfterEach
    void close() {
        client.close();
        alipay.close();
    }

    private AlipayChannel channel() {
        Map<String, String> members = new HashMap<>(alipay.members());
        members.put("app_auth_token", OF_ACCOUNT + "\n");
        return new AlipayChannel(
                AlipayAccount.of(ChannelAccount.of(new AlipayType(), "alipay", members)),
                () -> URI.create("https://pay.example/callbacks/alipay"),
                client,
                () -> NOON,
                merchant -> Optional.ofNullable(tokens.get(merchant)),
                FakeAlipay.NO_FILE);
    }

    private List<String> asked() {
        return alipay.gateway.asked().stream()
                .map(FakeAlipay::fields)
                .map(fields -> String.valueOf(fields.get("app_auth_token")))
                .toList();
    }

    /** The gateway answers only what is signed, the token included. */
    @Test
    void bothAskWithTheAuthorizationOfTheAccount() throws AlipayApiException {
        alipay.respond("alipay.trade.query", "{\"code\":\"10000\",\"out_trade_no\":\"" + PAYMENT.id() + "\"}");
        channel().query(PAYMENT);
        AlipayTradeQueryRequest request = new AlipayTradeQueryRequest();
        request.setBizContent("{\"out_trade_no\":\"" + PAYMENT.id() + "\"}");
        DefaultAlipayClient sdk = new DefaultAlipayClient(
                alipay.gateway.url() + "/gateway.do",
                FakeAlipay.APP,
                FakeAlipay.appPrivateKey(),
                "json",
                "utf-8",
                FakeAlipay.alipayPublicKey(),
                "RSA2");

        assertThat(sdk.execute(request, null, OF_ACCOUNT).isSuccess()).isTrue();
        assertThat(asked()).containsExactly(OF_ACCOUNT, OF_ACCOUNT);
        for (Asked each : alipay.gateway.asked()) {
            assertThat(FakeAlipay.signed(FakeAlipay.fields(each))).isTrue();
        }
    }

    @Test
    void aMerchantsOwnAuthorizationIsUsedForWhateverItsPaymentNeeds(@TempDir Path folder) throws Exception {
        AlipayChannel channel = channel();
        assertThat(channel.bills().covers(PAYMENT)).isTrue();
        tokens.put(PAYMENT.order().merchantId(), OF_MERCHANT);
        assertThat(channel.bills().covers(PAYMENT))
                .as("it is on the merchant's own bill")
                .isFalse();

        channel.place(PAYMENT);
        channel.query(PAYMENT);
        channel.close(PAYMENT);
        channel.refunds().orElseThrow().request(PAYMENT, Orders.refund(PAYMENT, 500));
        assertThat(asked()).isNotEmpty().containsOnly(OF_MERCHANT);
        Placement page = channel.place(Orders.payment("alipay", Payment.Checkout.by(PaymentMethod.PAGE)));
        assertThat(((Placement.Placed) page).payUrl()).contains("app_auth_token=" + OF_MERCHANT);

        int before = asked().size();
        channel.check();
        channel.bills().fetch(LocalDate.of(2026, 11, 22), folder.resolve("bill"));
        assertThat(asked().subList(before, asked().size())).containsOnly(OF_ACCOUNT);
    }
}
