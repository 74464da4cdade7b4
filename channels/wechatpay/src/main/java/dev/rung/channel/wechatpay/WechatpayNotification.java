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

/** Decrypts a notification's resource: AES-256-GCM with the APIv3 key. */
final class WechatpayNotification {
    private static final int TAG_BITS = 128;

    private WechatpayNotification() {}

    /** The decrypted content of a notification. */
    sealed interface Content {}

    record OfPayment(JsonObject transaction) implements Content {}

    record OfRefund(JsonObject refund) implements Content {}

    /**
     * Decrypts its content.
     *
     * @throws IllegalArgumentException if it is neither a transaction nor a refund, or cannot be decrypted
     */
    static Content open(byte[] body, SecretKey apiV3Key) {
        JsonObject notification = JsonObject.parse(body);
        String event = notification.text("event_type");
        boolean isRefund = event != null && event.startsWith("REFUND.");
        if (event == null || !isRefund && !event.startsWith("TRANSACTION.")) {
            throw new IllegalArgumentException("the event " + event + " is neither a payment nor a refund");
        }
        JsonObject resource = notification.object("resource");
        if (resource == null || !"AEAD_AES_256_GCM".equals(resource.text("algorithm"))) {
            throw new IllegalArgumentException("the resource is not encrypted with AEAD_AES_256_GCM");
        }
        JsonObject members = JsonObject.parse(decrypt(
                apiV3Key,
                resource.text("nonce"),
                Objects.requireNonNullElse(resource.text("associated_data"), ""),
                resource.text("ciphertext")));
        return isRefund ? new OfRefund(members) : new OfPayment(members);
    }

    private static byte[] decrypt(
            SecretKey key, @Nullable String nonce, String associatedData, @Nullable String ciphertext) {
        if (nonce == null || ciphertext == null) {
            throw new IllegalArgumentException("the resource is incomplete");
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce.getBytes(UTF_8)));
            cipher.updateAAD(associatedData.getBytes(UTF_8));
            return cipher.doFinal(Base64.getDecoder().decode(ciphertext));
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException("the resource cannot be decrypted with the APIv3 key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the parameters of the resource's encryption are invalid", e);
        }
    }
}
