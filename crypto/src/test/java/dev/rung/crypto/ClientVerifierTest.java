package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.client.WebhookRejectedException;
import dev.rung.client.WebhookVerifier;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The SDK's verifier accepts what the server signs, in each dialect. */
class ClientVerifierTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ReceiverId MERCHANT = ReceiverId.own(new MerchantId(42));
    private static final NotificationId ID = new NotificationId(1);
    private static final byte[] BODY = "{\"amount\": 12.30, \"subject\": \"两杯茶\", \"empty\": \"\"}".getBytes(UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SigningKeys keys = new SigningKeys(
            new Vault(MasterKey.ofBase64(Base64.getEncoder().encodeToString(new byte[32])), RANDOM), RANDOM);

    private static WebhookVerifier verifier(String... keys) {
        return new WebhookVerifier(List.of(keys), Duration.ofMinutes(5), InstantSource.fixed(NOW));
    }

    private Map<String, String> sent(Receiver.Keys merchantKeys) {
        String signature = StandardWebhooksSigner.signature(
                keys.at(MERCHANT, merchantKeys, NOW.toEpochMilli()), ID.toString(), NOW.toEpochMilli(), BODY);
        return Map.of(
                "webhook-id",
                ID.toString(),
                "webhook-timestamp",
                Long.toString(NOW.getEpochSecond()),
                "webhook-signature",
                signature);
    }

    @Test
    void standardWebhooks() throws Exception {
        SigningKeys.Generated hmac = keys.generate(MERCHANT, Signing.HMAC);
        SigningKeys.Generated ed25519 = keys.generate(MERCHANT, Signing.ED25519);
        String secret = Objects.requireNonNull(hmac.signingSecret());
        String publicKey = Objects.requireNonNull(ed25519.publicKey());
        assertThat(verifier(secret).verify(sent(hmac.alone())::get, BODY).id()).isEqualTo(ID.toString());
        assertThat(verifier(publicKey).verify(sent(ed25519.alone())::get, BODY).id())
                .isEqualTo(ID.toString());
        assertThatThrownBy(() -> verifier(secret).verify(sent(ed25519.alone())::get, BODY))
                .isInstanceOf(WebhookRejectedException.class);
    }

    @Test
    void standardWebhooksWithTheOldAndTheNewKeyOfARotation() throws Exception {
        SigningKeys.Generated old = keys.generate(MERCHANT, Signing.HMAC);
        SigningKeys.Generated fresh = keys.generate(MERCHANT, Signing.HMAC);
        Receiver.Keys both = fresh.after(old.alone(), 0, NOW.plusSeconds(1).toEpochMilli());
        for (SigningKeys.Generated each : List.of(old, fresh)) {
            String secret = Objects.requireNonNull(each.signingSecret());
            assertThat(verifier(secret).verify(sent(both)::get, BODY).id()).isEqualTo(ID.toString());
        }
    }

    @Test
    void rsa2Form() throws Exception {
        SigningKeys.Generated rsa = keys.generate(MERCHANT, Signing.RSA2_FORM);
        byte[] form = new Rsa2FormSigner()
                .form(
                        ID,
                        keys.at(MERCHANT, rsa.alone(), NOW.toEpochMilli()),
                        new Delivery.Content(
                                "https://shop.example/", true, "T1", "payment.succeeded", NOW.toEpochMilli()),
                        BODY);
        WebhookVerifier.Verified verified = WebhookVerifier.rsa2Form(Objects.requireNonNull(rsa.publicKey()))
                .verify(name -> null, form);
        assertThat(verified.id()).isEqualTo(ID.toString());
        assertThat(verified.fields()).containsEntry("amount", "12.30").containsEntry("subject", "两杯茶");
    }
}
