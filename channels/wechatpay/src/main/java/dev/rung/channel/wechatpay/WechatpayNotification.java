package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.JsonObject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** Opens what a notification carries: its resource is sealed with AES-256-GCM under the APIv3 key. */
final class WechatpayNotification {
    private static final int TAG_BITS = 128;

    private WechatpayNotification() {}

    /**
     * The transaction it carries.
     *
     * @throws IllegalArgumentException if it carries none, or it does not open
     */
    static WechatpayTransaction open(byte[] body, SecretKey apiV3Key) {
        JsonObject notification = JsonObject.parse(body);
        String event = notification.text("event_type");
        if (event == null || !event.startsWith("TRANSACTION.")) {
            throw new IllegalArgumentException("it speaks of " + event + ", not of a payment");
        }
        JsonObject resource = notification.object("resource");
        if (resource == null || !"AEAD_AES_256_GCM".equals(resource.text("algorithm"))) {
            throw new IllegalArgumentException("its resource is not sealed with AEAD_AES_256_GCM");
        }
        return new WechatpayTransaction(JsonObject.parse(decrypt(
                apiV3Key,
                resource.text("nonce"),
                Objects.requireNonNullElse(resource.text("associated_data"), ""),
                resource.text("ciphertext"))));
    }

    private static byte[] decrypt(
            SecretKey key, @Nullable String nonce, String associatedData, @Nullable String ciphertext) {
        if (nonce == null || ciphertext == null) {
            throw new IllegalArgumentException("its resource is not whole");
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce.getBytes(UTF_8)));
            cipher.updateAAD(associatedData.getBytes(UTF_8));
            return cipher.doFinal(Base64.getDecoder().decode(ciphertext));
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException("its resource does not open with the APIv3 key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("its resource is not sealed as it says", e);
        }
    }
}
