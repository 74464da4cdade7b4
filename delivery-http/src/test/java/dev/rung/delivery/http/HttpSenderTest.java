package dev.rung.delivery.http;

import static dev.rung.delivery.http.SenderTests.ID;
import static dev.rung.delivery.http.SenderTests.KEY;
import static dev.rung.delivery.http.SenderTests.KEYS;
import static dev.rung.delivery.http.SenderTests.MERCHANT;
import static dev.rung.delivery.http.SenderTests.NOW;
import static dev.rung.delivery.http.SenderTests.OK;
import static dev.rung.delivery.http.SenderTests.PAYLOAD;
import static dev.rung.delivery.http.SenderTests.ok;
import static dev.rung.delivery.http.SenderTests.request;
import static dev.rung.delivery.http.SenderTests.send;
import static dev.rung.delivery.http.SenderTests.sender;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent. */
class HttpSenderTest {
    private HttpSender sender;

    @BeforeEach
    void open() throws Exception {
        sender = sender(120_000);
    }

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void theMerchantReceivesExactlyWhatIsPromised() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK)) {
            String payload = "{\"amount\":12.30,  \"subject\":\"两杯茶\"}";
            Result result = send(sender, request(merchant.url() + "?a=b%20c", Acknowledgement.STATUS_2XX, payload));
            assertThat(result.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(result.error()).isNull();
            String signature =
                    new Webhook(Objects.requireNonNull(KEY.signingSecret())).sign(ID.toString(), NOW / 1000, payload);
            assertThat(merchant.requests())
                    .singleElement()
                    .isEqualTo("POST /notify?a=b%20c HTTP/1.1\r\n"
                            + "Host: 127.0.0.1:" + merchant.port() + "\r\n"
                            + "Content-Type: application/json\r\n"
                            + "Content-Length: " + payload.getBytes(UTF_8).length + "\r\n"
                            + "User-Agent: Rung/1.2.3\r\n"
                            + "Accept-Encoding: identity\r\n"
                            + "Webhook-Id: " + ID + "\r\n"
                            + "Webhook-Timestamp: 1800000000\r\n"
                            + "Webhook-Signature: " + signature + "\r\n"
                            + "Rung-Attempt: 3\r\n"
                            + "Rung-Event-Id: evt_" + ID.toString().substring(4) + "\r\n"
                            + "Rung-Event-Type: payment.succeeded\r\n"
                            + "\r\n"
                            + new String(payload.getBytes(UTF_8), ISO_8859_1));
        }
    }

    @Test
    void inAlipaysDialectTheBodyIsASignedForm() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(ok("success"))) {
            var key = KEYS.generate(MERCHANT, Signing.RSA2_FORM);
            Request request = new Request(
                    ID,
                    DeliveryKind.NOTIFICATION,
                    SenderTests.MERCHANT,
                    SenderTests.receiver(Acknowledgement.BODY_SUCCESS, key.alone()),
                    new Delivery.Content(merchant.url(), true, null, null, NOW),
                    PAYLOAD.getBytes(UTF_8),
                    1,
                    NOW);
            assertThat(send(sender, request).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(merchant.requests().getFirst())
                    .contains("\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n")
                    .contains("\r\nWebhook-Id: " + ID + "\r\n")
                    .doesNotContain("Webhook-Signature", "Rung-Event-Type")
                    .contains("\r\n\r\namount=12.30&notify_id=" + ID + "&notify_time=")
                    .contains("&sign_type=RSA2&sign=");
        }
    }

    @Test
    void aPayloadOfTheGreatestSizeArrivesWhole() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK)) {
            String payload = "\"" + "x".repeat(256 * 1024 - 2) + "\"";
            assertThat(send(sender, request(merchant.url(), Acknowledgement.STATUS_2XX, payload))
                            .outcome())
                    .isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(merchant.requests().getFirst()).endsWith("\r\n\r\n" + payload);
        }
    }

    @Test
    void cookiesAreNotKept() throws Exception {
        try (TestMerchant merchant =
                TestMerchant.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) {
            send(sender, merchant.url());
            send(sender, merchant.url());
            assertThat(merchant.requests()).hasSize(2).noneMatch(r -> r.contains("ookie"));
        }
    }

    @Test
    void whatCannotBeSignedIsRefusedInWordsWithoutTheSecret() throws Exception {
        var foreign = KEYS.generate(ReceiverId.own(new MerchantId(7)), Signing.HMAC);
        Request request = new Request(
                ID,
                DeliveryKind.NOTIFICATION,
                SenderTests.MERCHANT,
                SenderTests.receiver(Acknowledgement.STATUS_2XX, foreign.alone()),
                new Delivery.Content("https://shop.example/", true, null, null, NOW),
                new byte[0],
                1,
                NOW);
        Result result = send(sender, request);
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.error()).startsWith("not signed: the signing key of " + MERCHANT + " cannot be decrypted");
    }

    @Test
    void aHeaderNeverCarriesALineBreak() throws Exception {
        try (TestMerchant merchant = TestMerchant.answering(OK)) {
            Request request = new Request(
                    ID,
                    DeliveryKind.NOTIFICATION,
                    SenderTests.MERCHANT,
                    SenderTests.receiver(Acknowledgement.STATUS_2XX, KEY.alone()),
                    new Delivery.Content(merchant.url(), true, null, "a\r\nx-evil: 1", NOW),
                    new byte[0],
                    1,
                    NOW);
            assertThat(send(sender, request).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(merchant.connections()).isZero();
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndTakesNoMore() throws Exception {
        try (TestMerchant merchant = new TestMerchant(TestMerchant.Peer::listenForEver)) {
            CompletableFuture<Result> waiting =
                    sender.send(request(merchant.url())).toCompletableFuture();
            await().until(() -> merchant.openConnections() == 1);
            sender.close();
            assertThat(waiting)
                    .succeedsWithin(Duration.ofSeconds(60))
                    .isEqualTo(new Result(
                            Outcome.UNREACHABLE, null, "Rung stopped before the response was complete", null));
            assertThat(send(sender, merchant.url()).outcome()).isEqualTo(Outcome.REFUSED);
        }
    }
}
