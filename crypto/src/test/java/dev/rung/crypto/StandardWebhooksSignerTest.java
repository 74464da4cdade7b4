package dev.rung.crypto;

import static dev.rung.crypto.Signers.MERCHANT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StandardWebhooksSignerTest {
    private static final String ID = new NotificationId(4711).toString();
    private static final String PAYLOAD = "{\"amount\": 12.30, \"subject\": \"两杯茶\"}";

    private final SigningKeys keys = Signers.keys();
    private final long now = System.currentTimeMillis();

    private String sign(Receiver.Keys merchantKeys, long at) {
        return StandardWebhooksSigner.signature(keys.at(MERCHANT, merchantKeys, at), ID, at, PAYLOAD.getBytes(UTF_8));
    }

    private static String secret(SigningKeys.Generated key) {
        return Objects.requireNonNull(key.signingSecret());
    }

    private void verifyWithTheirLibrary(String secret, String signature, long at) throws Exception {
        new Webhook(secret)
                .verify(
                        PAYLOAD,
                        Map.of(
                                "webhook-id", List.of(ID),
                                "webhook-timestamp", List.of(Long.toString(at / 1000)),
                                "webhook-signature", List.of(signature)));
    }

    @Test
    void theStandardWebhooksLibraryVerifiesAnHmacSignature() throws Exception {
        SigningKeys.Generated key = keys.generate(MERCHANT, Signing.HMAC);
        assertThat(secret(key)).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret(key).substring(6))).hasSizeBetween(24, 64);
        assertThat(key.publicKey()).isNull();

        String signature = sign(key.alone(), now);
        assertThat(signature).startsWith("v1,");
        verifyWithTheirLibrary(secret(key), signature, now);

        SigningKeys.Generated another = keys.generate(MERCHANT, Signing.HMAC);
        assertThatThrownBy(() -> verifyWithTheirLibrary(secret(another), signature, now))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void aSignatureIsWhatTheirLibraryWouldHaveMade() throws Exception {
        SigningKeys.Generated key = keys.generate(MERCHANT, Signing.HMAC);
        assertThat(sign(key.alone(), 1_700_000_000_999L))
                .isEqualTo(new Webhook(secret(key)).sign(ID, 1_700_000_000L, PAYLOAD));
    }

    @Test
    void bothKeysSignUntilTheOverlapEnds() throws Exception {
        SigningKeys.Generated former = keys.generate(MERCHANT, Signing.HMAC);
        SigningKeys.Generated fresh = keys.generate(MERCHANT, Signing.HMAC);
        Receiver.Keys rotating = fresh.after(former.alone(), 0, now);

        String during = sign(rotating, now - 1);
        assertThat(during.split(" ", -1)).hasSize(2).allMatch(s -> s.startsWith("v1,"));
        verifyWithTheirLibrary(secret(former), during, now - 1);
        verifyWithTheirLibrary(secret(fresh), during, now - 1);

        String afterwards = sign(rotating, now);
        assertThat(afterwards.split(" ", -1)).hasSize(1);
        verifyWithTheirLibrary(secret(fresh), afterwards, now);
        assertThatThrownBy(() -> verifyWithTheirLibrary(secret(former), afterwards, now))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void anEd25519SignatureVerifiesWithTheJdkAndThePublishedKey() throws Exception {
        SigningKeys.Generated key = keys.generate(MERCHANT, Signing.ED25519);
        assertThat(key.signingSecret()).isNull();
        assertThat(key.publicKey()).startsWith("whpk_");

        String signature = sign(key.alone(), now);
        assertThat(signature).startsWith("v1a,");
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(ed25519(Base64.getDecoder()
                .decode(Objects.requireNonNull(key.publicKey()).substring(5))));
        verifier.update((ID + "." + now / 1000 + "." + PAYLOAD).getBytes(UTF_8));
        assertThat(verifier.verify(Base64.getDecoder().decode(signature.substring(4))))
                .isTrue();
    }

    /** From the 32 bytes of RFC 8032: little-endian y, the highest bit says whether x is odd. */
    private static PublicKey ed25519(byte[] point) throws Exception {
        assertThat(point).hasSize(32);
        byte[] y = new byte[32];
        for (int i = 0; i < 32; i++) {
            y[i] = point[31 - i];
        }
        boolean xOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, y))));
    }

    @Test
    void aMerchantThatChangedItsSigningIsSignedForInBothWays() {
        SigningKeys.Generated former = keys.generate(MERCHANT, Signing.HMAC);
        SigningKeys.Generated fresh = keys.generate(MERCHANT, Signing.ED25519);
        assertThat(sign(mixed(fresh, former, now + 1), now).split(" ", -1))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("v1a,"),
                        second -> assertThat(second).startsWith("v1,"));

        SigningKeys.Generated alipay = keys.generate(MERCHANT, Signing.RSA2_FORM);
        assertThat(sign(mixed(former, alipay, now + 1), now)).startsWith("v1,").doesNotContain(" ");
    }

    private static Receiver.Keys mixed(SigningKeys.Generated current, SigningKeys.Generated earlier, long until) {
        return new Receiver.Keys(
                current.signing(),
                current.sealed(),
                current.publicKey(),
                List.of(new Receiver.EarlierKey(earlier.sealed(), until)));
    }

    @Test
    void anotherKeyOfTheSameMerchantIsNotMistakenForTheRememberedOne() throws Exception {
        SigningKeys.Generated first = keys.generate(MERCHANT, Signing.HMAC);
        SigningKeys.Generated second = keys.generate(MERCHANT, Signing.HMAC);
        sign(first.alone(), now);
        verifyWithTheirLibrary(secret(second), sign(second.alone(), now), now);
        verifyWithTheirLibrary(secret(first), sign(first.alone(), now), now);
    }

    @Test
    void aKeySealedForAnotherMerchantDoesNotSign() {
        SigningKeys.Generated foreign = keys.generate(ReceiverId.own(new MerchantId(7)), Signing.HMAC);
        assertThatThrownBy(() -> sign(foreign.alone(), now))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(MERCHANT.toString());
    }

    @Test
    void secretsAreNotPrinted() {
        SigningKeys.Generated key = keys.generate(MERCHANT, Signing.HMAC);
        assertThat(key.toString() + key.alone()).doesNotContain("whsec");
        assertThatCode(() -> sign(key.alone(), now)).doesNotThrowAnyException();
    }
}
