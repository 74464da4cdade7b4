package dev.rung.channel.wechatpay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.wechat.pay.java.core.exception.WechatPayException;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RSAPublicKeyNotificationConfig;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.refund.model.RefundNotification;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.PaymentChannel.Callback;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What WeChat Pay calls back, read by us and by WeChat Pay's own SDK. */
class WechatpayCallbackTest {
    private static final String NUMBER = "pay_0000000000001";
    private static final String BODY = FakeWechatpay.notification(
            "TRANSACTION.SUCCESS", FakeWechatpay.transaction(NUMBER, "SUCCESS"), FakeWechatpay.API_V3_KEY);

    private Instant now = NOON;
    private final FakeWechatpay wechatpay = new FakeWechatpay(() -> now);
    private final GatewayClient client = new GatewayClient(null);
    private final WechatpayChannel channel = new WechatpayChannel(
            wechatpay.account(),
            () -> URI.create("https://pay.example/callbacks/wechatpay"),
            client,
            () -> now,
            new Random(1),
            FakeWechatpay.NO_FILE);
    private final NotificationParser sdk = new NotificationParser(new RSAPublicKeyNotificationConfig.Builder()
            .publicKey(FakeWechatpay.PLATFORM_KEYS.getPublic())
            .publicKeyId(FakeWechatpay.KEY_ID)
            .apiV3Key(FakeWechatpay.API_V3_KEY)
            .build());

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
    }

    private Callback read(Map<String, String> headers, byte[] body) {
        Map<String, List<String>> lower = new HashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        return channel.readCallback(new CallbackRequest(lower, null, body));
    }

    private Callback read(String body) {
        return read(wechatpay.signed(body.getBytes(UTF_8)), body.getBytes(UTF_8));
    }

    private static RequestParam request(Map<String, String> headers, byte[] body) {
        return new RequestParam.Builder()
                .serialNumber(headers.get("Wechatpay-Serial"))
                .nonce(headers.get("Wechatpay-Nonce"))
                .signature(headers.get("Wechatpay-Signature"))
                .timestamp(headers.get("Wechatpay-Timestamp"))
                .signType(headers.get("Wechatpay-Signature-Type"))
                .body(new String(body, UTF_8))
                .build();
    }

    private boolean sdkBelieves(Map<String, String> headers, byte[] body) {
        try {
            Transaction transaction = sdk.parse(request(headers, body), Transaction.class);
            return NUMBER.equals(transaction.getOutTradeNo());
        } catch (WechatPayException | IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void aPaymentIsReadByBoth() {
        assertThat(read(BODY))
                .isEqualTo(new Callback.Verified(
                        NUMBER,
                        new Evidence.Paid(
                                "4200000001202611230001",
                                Money.of(1230, "CNY"),
                                Instant.parse("2026-11-23T04:03:04Z"))));
        assertThat(sdkBelieves(wechatpay.signed(BODY.getBytes(UTF_8)), BODY.getBytes(UTF_8)))
                .isTrue();
    }

    @Test
    void aPlatformCertificateVerifiesToo() {
        Map<String, String> headers = FakeWechatpay.signed(
                BODY.getBytes(UTF_8), now, FakeWechatpay.CERTIFICATE_SERIAL, FakeWechatpay.CERTIFICATE_KEYS);
        assertThat(read(headers, BODY.getBytes(UTF_8))).isInstanceOf(Callback.Verified.class);

        headers.put("Wechatpay-Serial", FakeWechatpay.KEY_ID);
        assertThat(read(headers, BODY.getBytes(UTF_8))).isInstanceOf(Callback.Unverified.class);
        headers.put("Wechatpay-Serial", "0");
        assertThat(read(headers, BODY.getBytes(UTF_8)))
                .isEqualTo(new Callback.Unverified("signed with an unknown key: 0"));
    }

    @Test
    void aProbeFails() {
        Map<String, String> headers = wechatpay.signed(BODY.getBytes(UTF_8));
        String signature = headers.get("Wechatpay-Signature");
        headers.put("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + signature.substring(19));

        assertThat(read(headers, BODY.getBytes(UTF_8)))
                .isEqualTo(new Callback.Unverified(
                        "deliberately invalid signature: WeChat Pay checks that signatures are verified"));
        assertThat(sdkBelieves(headers, BODY.getBytes(UTF_8))).isFalse();
    }

    @Test
    void whatWasSignedFiveMinutesAgoOrAheadIsNotBelieved() {
        byte[] body = BODY.getBytes(UTF_8);
        Map<String, String> headers = wechatpay.signed(body);
        for (int seconds : new int[] {299, -299}) {
            now = NOON.plusSeconds(seconds);
            assertThat(read(headers, body)).isInstanceOf(Callback.Verified.class);
        }
        for (int seconds : new int[] {300, -300}) {
            now = NOON.plusSeconds(seconds);
            assertThat(read(headers, body)).isInstanceOf(Callback.Unverified.class);
        }
        for (String timestamp : new String[] {"", "now", "-1", "99999999999999999999"}) {
            headers.put("Wechatpay-Timestamp", timestamp);
            assertThat(read(headers, body)).isInstanceOf(Callback.Unverified.class);
        }
    }

    /** Every byte of the body and every character of each header is changed; the SDK is asked each time. */
    @Test
    void whatTheSdkRejectsIsRejected() {
        byte[] body = BODY.getBytes(UTF_8);
        Map<String, String> headers = wechatpay.signed(body);
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 1;
            assertThat(read(headers, changed)).as("byte %s", i).isInstanceOf(Callback.Unverified.class);
            assertThat(sdkBelieves(headers, changed)).isFalse();
        }
        for (String name : channel.signatureHeaders()) {
            String value = headers.get(name);
            for (int i = 0; i < value.length(); i++) {
                Map<String, String> changed = wechatpay.signed(body);
                char flipped = (char) (value.charAt(i) ^ 1);
                changed.put(name, value.substring(0, i) + flipped + value.substring(i + 1));
                boolean believed = read(changed, body) instanceof Callback.Verified;
                assertThat(believed && !sdkBelieves(changed, body))
                        .as("%s, %s", name, i)
                        .isFalse();
                // The unused bits at the end of the signature mean nothing.
                assertThat(believed && i < value.length() - 3)
                        .as("%s, %s", name, i)
                        .isFalse();
            }
            Map<String, String> without = wechatpay.signed(body);
            without.remove(name);
            assertThat(read(without, body) instanceof Callback.Verified)
                    .as("without %s", name)
                    .isEqualTo(name.equals("wechatpay-signature-type"));
        }
    }

    @Test
    void whatDoesNotOpenIsNotBelieved() {
        String sealed = FakeWechatpay.notification(
                "TRANSACTION.SUCCESS", FakeWechatpay.transaction(NUMBER, "SUCCESS"), "x".repeat(32));

        assertThat(read(sealed))
                .isEqualTo(new Callback.Unverified("the resource cannot be decrypted with the APIv3 key"));
        assertThat(sdkBelieves(wechatpay.signed(sealed.getBytes(UTF_8)), sealed.getBytes(UTF_8)))
                .isFalse();
        for (String broken : new String[] {
            BODY.replace("AEAD_AES_256_GCM", "AEAD_SM4_GCM"),
            BODY.replace("\"associated_data\":\"transaction\"", "\"associated_data\":\"x\""),
            BODY.replace("fdasflkja484", ""),
            BODY.replace("\"ciphertext\":\"", "\"ciphertext\":\"!"),
            BODY.replace("\"ciphertext\"", "\"c\""),
            BODY.replace("\"resource\"", "\"r\""),
            "{}",
            "[]",
            ""
        }) {
            assertThat(read(broken)).as(broken).isInstanceOf(Callback.Unverified.class);
        }
    }

    @Test
    void notificationsOfOtherThingsAreNotTakenForPayments() {
        assertThat(read(FakeWechatpay.notification(
                        "MCHTRANSFER.BATCH.FINISHED",
                        FakeWechatpay.transaction(NUMBER, "SUCCESS"),
                        FakeWechatpay.API_V3_KEY)))
                .isEqualTo(new Callback.Unverified(
                        "the event MCHTRANSFER.BATCH.FINISHED is neither a payment nor a refund"));
    }

    private Callback readRefund(String event, String state) {
        return read(FakeWechatpay.notification(
                event, FakeWechatpay.refund(NUMBER, "rfd_1", "refund_status", state, 500), FakeWechatpay.API_V3_KEY));
    }

    @Test
    void aRefundIsReadByBoth() {
        String body = FakeWechatpay.notification(
                "REFUND.SUCCESS",
                FakeWechatpay.refund(NUMBER, "rfd_1", "refund_status", "SUCCESS", 500),
                FakeWechatpay.API_V3_KEY);
        RefundNotification theirs = sdk.parse(
                request(wechatpay.signed(body.getBytes(UTF_8)), body.getBytes(UTF_8)), RefundNotification.class);
        assertThat(read(body))
                .isEqualTo(new Callback.VerifiedRefund(
                        theirs.getOutTradeNo(),
                        theirs.getOutRefundNo(),
                        new RefundEvidence.Refunded(
                                theirs.getRefundId(),
                                Money.of(theirs.getAmount().getRefund(), "CNY"),
                                OffsetDateTime.parse(theirs.getSuccessTime()).toInstant())));
    }

    @Test
    void otherEndsOfARefundAreRead() {
        assertThat(readRefund("REFUND.CLOSED", "CLOSED"))
                .isInstanceOfSatisfying(
                        Callback.VerifiedRefund.class,
                        refund -> assertThat(refund.evidence()).isInstanceOf(RefundEvidence.Failed.class));
        assertThat(readRefund("REFUND.ABNORMAL", "ABNORMAL"))
                .isInstanceOfSatisfying(
                        Callback.VerifiedRefund.class,
                        refund -> assertThat(refund.evidence()).isInstanceOf(RefundEvidence.Stuck.class));
    }

    @Test
    void aRefundOfAnotherMerchantIsNotBelieved() {
        assertThat(read(FakeWechatpay.notification(
                        "REFUND.SUCCESS",
                        FakeWechatpay.refund(NUMBER, "rfd_1", "refund_status", "SUCCESS", 500)
                                .replace(FakeWechatpay.MERCHANT, "1900000110"),
                        FakeWechatpay.API_V3_KEY)))
                .isEqualTo(new Callback.Unverified("the notification is for another merchant"));
    }

    @Test
    void whatIsForOthersIsNotBelieved() {
        String transaction = FakeWechatpay.transaction(NUMBER, "SUCCESS");
        for (String other : List.of(
                transaction.replace(FakeWechatpay.APP, "wx0"),
                transaction.replace(FakeWechatpay.MERCHANT, "1900000110"))) {
            assertThat(read(FakeWechatpay.notification("TRANSACTION.SUCCESS", other, FakeWechatpay.API_V3_KEY)))
                    .isEqualTo(new Callback.Unverified("the notification is for another merchant or app"));
        }
        assertThat(read(FakeWechatpay.notification(
                        "TRANSACTION.SUCCESS", transaction.replace("out_trade_no", "x"), FakeWechatpay.API_V3_KEY)))
                .isEqualTo(new Callback.Unverified("the notification has no out_trade_no"));
    }

    @Test
    void anExpiredCertificateVerifiesNothing() {
        now = Instant.parse("2029-11-23T00:00:01Z");
        Map<String, String> headers = FakeWechatpay.signed(
                BODY.getBytes(UTF_8), now, FakeWechatpay.CERTIFICATE_SERIAL, FakeWechatpay.CERTIFICATE_KEYS);
        assertThat(read(headers, BODY.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Callback.Unverified.class,
                        callback -> assertThat(callback.reason()).contains("expired"));
    }
}
