package dev.rung.delivery.http;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** What the sender's tests share. */
final class SenderTests {
    static final SecureRandom RANDOM = new SecureRandom();
    static final ReceiverId MERCHANT = ReceiverId.own(new MerchantId(42));
    static final NotificationId ID = new NotificationId(4711);
    static final String PAYLOAD = "{\"amount\":12.30}";
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    static final long NOW = 1_800_000_000_123L;
    static final SigningKeys KEYS = new SigningKeys(
            new Vault(MasterKey.ofBase64(Base64.getEncoder().encodeToString(new byte[32])), RANDOM), RANDOM);
    static final SigningKeys.Generated KEY = KEYS.generate(MERCHANT, Signing.HMAC);

    private SenderTests() {}

    static HttpSenderSettings settings(long deadlineMillis) {
        return new HttpSenderSettings("1.2.3", Duration.ofMillis(deadlineMillis), 1_000, 1_000, null);
    }

    /** May reach loopback, with the machine's names and trust. */
    static HttpSender sender(long deadlineMillis) throws Exception {
        return sender(settings(deadlineMillis), "127.0.0.0/8,::1", NameResolver.SYSTEM);
    }

    static HttpSender sender(HttpSenderSettings settings, String allowed, NameResolver resolver) throws Exception {
        return new HttpSender(
                settings,
                KEYS,
                new SigningDialects(KEYS),
                new EgressGuard(AllowedTargets.parse(allowed)),
                resolver,
                SSLContext.getDefault());
    }

    static Receiver receiver(Acknowledgement rule, Receiver.Keys keys) {
        return Receiver.of(null, keys).withTimeout(Receiver.TIMEOUT_MAX).withAcknowledge(rule);
    }

    static Request request(String url) {
        return request(url, Acknowledgement.STATUS_2XX, PAYLOAD);
    }

    static Request request(String url, Acknowledgement rule, String payload) {
        return new Request(
                ID,
                DeliveryKind.NOTIFICATION,
                MERCHANT,
                receiver(rule, KEY.alone()),
                new Delivery.Content(url, true, "T1", "payment.succeeded", NOW),
                payload.getBytes(StandardCharsets.UTF_8),
                3,
                NOW);
    }

    /** An answer with this body. */
    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static Result send(HttpSender sender, Request request) throws Exception {
        return sender.send(request).toCompletableFuture().get(150, TimeUnit.SECONDS);
    }

    static Result send(HttpSender sender, String url) throws Exception {
        return send(sender, request(url));
    }
}
