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

/** What WeChat Pay encrypts with the APIv3 key, by AES-256-GCM: the resource of a notification, a platform certificate. */
final class SealedResource {
    private static final int TAG_BITS = 128;

    private SealedResource() {}

    /**
     * Decrypts it.
     *
     * @param resource {@code algorithm}, {@code nonce}, {@code associated_data} and {@code ciphertext}
     * @throws IllegalArgumentException if it was not encrypted with this key
     */
    static byte[] open(JsonObject resource, SecretKey apiV3Key) {
        if (!"AEAD_AES_256_GCM".equals(resource.text("algorithm"))) {
            throw new IllegalArgumentException("the resource is not encrypted with AEAD_AES_256_GCM");
        }
        String nonce = resource.text("nonce");
        String ciphertext = resource.text("ciphertext");
        if (nonce == null || ciphertext == null) {
            throw new IllegalArgumentException("the resource is incomplete");
        }
        String associatedData = Objects.requireNonNullElse(resource.text("associated_data"), "");
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, apiV3Key, new GCMParameterSpec(TAG_BITS, nonce.getBytes(UTF_8)));
            cipher.updateAAD(associatedData.getBytes(UTF_8));
            return cipher.doFinal(Base64.getDecoder().decode(ciphertext));
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException("the resource cannot be decrypted with the APIv3 key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the parameters of the resource's encryption are invalid", e);
        }
    }
}
