package dev.rung.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.rung.client.WebhookRejectedException.Reason;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.StandardWebhooksSigner;
import dev.rung.crypto.Vault;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier against the server's own signer, and against the Standard Webhooks library. */
class WebhookVerifierTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MerchantId MERCHANT = new MerchantId(42);
    private static final String ID = "ntf_0000000000abc";
    private static final byte[] BODY = "{\"amount\": 12.30, \"subject\": \"两杯茶\"}".getBytes(UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SigningKeys keys = new SigningKeys(
            new Vault(MasterKey.ofBase64(Base64.getEncoder().encodeToString(new byte[32])), RANDOM), RANDOM);
    private final StandardWebhooksSigner signer = new StandardWebhooksSigner(keys);
    private final SigningKeys.Generated hmac = keys.generate(MERCHANT, dev.rung.core.model.Signing.HMAC);
    private final SigningKeys.Generated ed25519 = keys.generate(MERCHANT, dev.rung.core.model.Signing.ED25519);

    private static String secret(SigningKeys.Generated key) {
        return Objects.requireNonNull(key.signingSecret() != null ? key.signingSecret() : key.publicKey());
    }

    private static WebhookVerifier verifier(String... keys) {
        return new WebhookVerifier(List.of(keys), Duration.ofMinutes(5), InstantSource.fixed(NOW));
    }

    private Map<String, String> sent(Merchant.Keys merchantKeys, Instant at) {
        Map<String, String> headers = new HashMap<>();
        headers.put("webhook-id", ID);
        headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
        headers.put("webhook-signature", signer.sign(MERCHANT, merchantKeys, ID, at.toEpochMilli(), BODY));
        return headers;
    }

    @Test
    void whatRungSignsIsVerifiedInBothWays() throws Exception {
        for (SigningKeys.Generated key : List.of(hmac, ed25519)) {
            Map<String, String> headers = sent(key.alone(), NOW);
            assertThat(verifier(secret(key)).verify(headers::get, BODY))
                    .isEqualTo(new WebhookVerifier.Verified(ID, NOW));
            assertThat(verifier(secret(hmac), secret(ed25519))
                            .verify(headers::get, BODY)
                            .id())
                    .isEqualTo(ID);
        }
    }

    @Test
    void whatTheStandardWebhooksLibrarySignsIsVerifiedToo() throws Exception {
        Map<String, String> headers = sent(hmac.alone(), NOW);
        headers.put(
                "webhook-signature", new Webhook(secret(hmac)).sign(ID, NOW.getEpochSecond(), new String(BODY, UTF_8)));
        assertThat(verifier(secret(hmac)).verify(headers::get, BODY).id()).isEqualTo(ID);
    }

    @Test
    void whileAKeyRotatesEitherKeyVerifies() throws Exception {
        SigningKeys.Generated fresh = keys.generate(MERCHANT, dev.rung.core.model.Signing.HMAC);
        Map<String, String> headers =
                sent(fresh.after(hmac.alone(), NOW.plusSeconds(1).toEpochMilli()), NOW);
        assertThat(verifier(secret(hmac)).verify(headers::get, BODY).id()).isEqualTo(ID);
        assertThat(verifier(secret(fresh)).verify(headers::get, BODY).id()).isEqualTo(ID);
    }

    private void isRejected(Map<String, String> headers, byte[] body, String why) {
        for (SigningKeys.Generated key : List.of(hmac, ed25519)) {
            assertThatThrownBy(() -> verifier(secret(key)).verify(headers::get, body))
                    .isInstanceOf(WebhookRejectedException.class)
                    .hasMessageContaining(why)
                    .hasMessageNotContaining(secret(key))
                    .isInstanceOfSatisfying(
                            WebhookRejectedException.class,
                            e -> assertThat(e.reason())
                                    .isEqualTo(
                                            why.startsWith("no signature")
                                                    ? Reason.FORGED
                                                    : why.equals("is missing") ? Reason.UNSIGNED : Reason.STALE));
        }
    }

    @Test
    void nothingThatWasChangedPasses() {
        for (SigningKeys.Generated key : List.of(hmac, ed25519)) {
            isRejected(sent(key.alone(), NOW), "{}".getBytes(UTF_8), "no signature matches");
            Map<String, String> otherId = sent(key.alone(), NOW);
            otherId.put("webhook-id", "ntf_other");
            isRejected(otherId, BODY, "no signature matches");
            Map<String, String> otherTime = sent(key.alone(), NOW);
            otherTime.put("webhook-timestamp", Long.toString(NOW.getEpochSecond() + 1));
            isRejected(otherTime, BODY, "no signature matches");
        }
        SigningKeys.Generated foreign = keys.generate(MERCHANT, dev.rung.core.model.Signing.HMAC);
        isRejected(sent(foreign.alone(), NOW), BODY, "no signature matches");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1", "v1,", "v1,????", "v1a,", "v1a,AAAA", "v2,AAAA", ",", "v1,AAAA v1a,AAAA"})
    void whatIsNoSignatureIsRejected(String signature) {
        Map<String, String> headers = sent(hmac.alone(), NOW);
        headers.put("webhook-signature", signature);
        isRejected(headers, BODY, "no signature matches");
    }

    @Test
    void aSignatureOfOneKindIsNotTakenForTheOther() {
        Map<String, String> headers = sent(hmac.alone(), NOW);
        headers.computeIfPresent("webhook-signature", (name, value) -> value.replace("v1,", "v1a,"));
        isRejected(headers, BODY, "no signature matches");
    }

    @Test
    void aMissingHeaderIsRejected() {
        for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
            Map<String, String> headers = sent(hmac.alone(), NOW);
            headers.remove(name);
            isRejected(headers, BODY, "is missing");
        }
    }

    @Test
    void anOldOrFutureTimestampIsRejected() throws Exception {
        for (int seconds : new int[] {-300, 300}) {
            Map<String, String> headers = sent(hmac.alone(), NOW.plusSeconds(seconds));
            assertThat(verifier(secret(hmac)).verify(headers::get, BODY).id()).isEqualTo(ID);
        }
        for (int seconds : new int[] {-301, 301}) {
            isRejected(sent(hmac.alone(), NOW.plusSeconds(seconds)), BODY, "off by 301s");
        }
        for (String odd : List.of("", "-1", "1e9", "99999999999999", "now")) {
            Map<String, String> headers = sent(hmac.alone(), NOW);
            headers.put("webhook-timestamp", odd);
            isRejected(headers, BODY, "not a number of seconds");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "whsec_??", "whpk_AAAA", "whpk_", "whsec_", "whsk_AAAA"})
    void aMalformedKeyIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> new WebhookVerifier(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a key must be whsec_ or whpk_ and base64 of its bytes")
                .hasNoCause();
        assertThatThrownBy(WebhookVerifier::new).isInstanceOf(IllegalArgumentException.class);
    }
}
