package dev.rung.channel.stripe;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.net.Webhook;
import com.stripe.param.checkout.SessionCreateParams;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.Orders;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stripe's own SDK writes the same requests, and verifies the same webhooks. */
class StripeSdkOracleTest {
    private static final Payment PAYMENT = Orders.payment(
            "stripe",
            new Payment.Checkout(PaymentMethod.PAGE, "https://shop.example/back?a=1", null, null, "table 7, 茶"));

    private final FakeStripe stripe = new FakeStripe();
    private final GatewayClient client = new GatewayClient(null);
    private final StripeAccount account =
            new StripeAccount("stripe", FakeStripe.KEY, FakeStripe.SECRET, stripe.gateway.url());
    private final StripeChannel channel =
            new StripeChannel(account, () -> URI.create("https://pay.example/callbacks/stripe"), client, Instant::now);

    @AfterEach
    void close() {
        client.close();
        stripe.close();
    }

    @Test
    void theSdkCreatesTheSameSession() throws StripeException {
        assertThat(channel.place(PAYMENT)).isInstanceOf(Placement.Placed.class);

        StripeClient sdk = StripeClient.builder()
                .setApiKey(FakeStripe.KEY)
                .setApiBase(stripe.gateway.url().toString())
                .build();
        String id = PAYMENT.id().toString();
        sdk.checkout()
                .sessions()
                .create(
                        SessionCreateParams.builder()
                                .setMode(SessionCreateParams.Mode.PAYMENT)
                                .setClientReferenceId(id)
                                .addLineItem(SessionCreateParams.LineItem.builder()
                                        .setQuantity(1L)
                                        .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                                                .setCurrency("cny")
                                                .setUnitAmount(1230L)
                                                .setProductData(
                                                        SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                                                .setName(PAYMENT.order()
                                                                        .subject())
                                                                .build())
                                                .build())
                                        .build())
                                .setSuccessUrl("https://shop.example/back?a=1")
                                .setCancelUrl("https://shop.example/back?a=1")
                                .setExpiresAt(NOON.plusSeconds(2_700).getEpochSecond())
                                .setPaymentIntentData(SessionCreateParams.PaymentIntentData.builder()
                                        .putMetadata("rung_payment", id)
                                        .build())
                                .putMetadata("attach", "table 7, 茶")
                                .build(),
                        RequestOptions.builder().setIdempotencyKey(id).build());

        assertThat(FakeStripe.fields(new String(stripe.gateway.asked().get(0).body(), UTF_8)))
                .isEqualTo(FakeStripe.fields(
                        new String(stripe.gateway.asked().get(1).body(), UTF_8)));
        for (String header : List.of("Authorization", "Idempotency-Key")) {
            assertThat(stripe.gateway.asked().get(0).headers().getFirst(header))
                    .isEqualTo(stripe.gateway.asked().get(1).headers().getFirst(header));
        }
    }

    private static boolean sdkBelieves(String body, String header) {
        try {
            return Webhook.Signature.verifyHeader(body, header, FakeStripe.SECRET, 300);
        } catch (SignatureVerificationException e) {
            return false;
        }
    }

    private boolean weBelieve(String body, String header) {
        return channel.readCallback(
                        new CallbackRequest(Map.of(StripeWebhook.HEADER, List.of(header)), null, body.getBytes(UTF_8)))
                instanceof Callback.Verified;
    }

    @Test
    void bothBelieveTheSameWebhooks() {
        channel.place(PAYMENT);
        stripe.pay(PAYMENT.id().toString());
        String body = FakeStripe.event(
                "checkout.session.completed", stripe.session(PAYMENT.id().toString()));
        long now = Instant.now().getEpochSecond();
        String good = FakeStripe.signature(body, FakeStripe.SECRET, now);
        for (String header : List.of(
                good,
                FakeStripe.signature(body, FakeStripe.SECRET, now - 400),
                FakeStripe.signature(body, "whsec_other", now),
                FakeStripe.signature(body + " ", FakeStripe.SECRET, now),
                good + ",v1=0000",
                "v1=0000," + good,
                "t=" + now,
                "")) {
            assertThat(weBelieve(body, header)).as(header).isEqualTo(sdkBelieves(body, header));
        }
        assertThat(weBelieve(body, good)).isTrue();
    }

    private Callback read(String type, String object) {
        return channel.readCallback(FakeStripe.webhook(
                FakeStripe.event(type, object), FakeStripe.SECRET, Instant.now().getEpochSecond()));
    }

    @Test
    void aRefundMadeInTheDashboardIsKnownByStripesNumbers() {
        assertThat(read("refund.created", """
                        {"id":"re_1","object":"refund","amount":500,"currency":"cny","status":"succeeded",
                         "payment_intent":"pi_1","created":1795406584,"metadata":{}}"""))
                .isEqualTo(new Callback.VerifiedRefund(
                        "pi_1",
                        "re_1",
                        new RefundEvidence.Refunded("re_1", Money.of(500, "CNY"), Instant.ofEpochSecond(1795406584))));
    }

    @Test
    void whatRungDoesNotUseIsAcknowledged() {
        assertThat(read("customer.created", "{\"id\":\"cus_1\"}")).isEqualTo(new Callback.Irrelevant());
        assertThat(read("refund.created", "{\"id\":\"re_1\",\"charge\":\"ch_1\"}"))
                .isEqualTo(new Callback.Irrelevant());
    }

    @ParameterizedTest
    @CsvSource({
        "1230, USD, 1230",
        "1230, JPY, 1230",
        "5, KRW, 5",
        "12340, KWD, 12340",
        "5, ISK, 500",
        "5, UGX, 500",
        "1200, MGA, 12"
    })
    void amountsAreCountedAsStripeCountsThem(long value, String currency, long amount) {
        Money money = Money.of(value, currency);
        assertThat(StripeAmounts.of(money)).isEqualTo(amount);
        assertThat(StripeAmounts.money(Long.toString(amount), currency)).isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource({"12345, KWD", "1230, MGA"})
    void anAmountThatStripeCannotChargeIsRejected(long value, String currency) {
        Payment payment = Orders.payment("stripe", Money.of(value, currency), NOON.plusSeconds(900));
        assertThat(channel.place(payment)).isInstanceOf(Placement.Rejected.class);
        assertThat(stripe.gateway.asked()).isEmpty();
    }

    @Test
    void aSessionIsQueriedAndExpiredByItsUrl() {
        Placement.Placed placed = (Placement.Placed) channel.place(PAYMENT);
        Payment known = PAYMENT.withAccess(new Payment.Access(placed.payUrl(), null, null));
        assertThat(channel.query(known).evidence()).isEqualTo(new Evidence.Unpaid());
        assertThat(channel.close(known).evidence()).isEqualTo(new Evidence.Closed());
        assertThat(channel.query(known).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void aWrongKeyIsNoEvidence() {
        StripeChannel other = new StripeChannel(
                new StripeAccount("stripe", "sk_test_wrong_key", FakeStripe.SECRET, stripe.gateway.url()),
                () -> URI.create("https://pay.example/callbacks/stripe"),
                client,
                Instant::now);
        assertThat(other.place(PAYMENT)).isInstanceOf(Placement.Unclear.class);
        assertThat(other.query(PAYMENT).evidence()).isInstanceOf(Evidence.Unknown.class);
        assertThat(other.check()).singleElement().asString().contains("401");
        assertThat(channel.check()).isEmpty();
    }
}
