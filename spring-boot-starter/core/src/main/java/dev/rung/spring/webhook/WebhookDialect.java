package dev.rung.spring.webhook;

import dev.rung.client.WebhookVerifier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** How notifications are signed: the merchant's {@code signing}. */
public enum WebhookDialect {
    /** {@code hmac} and {@code ed25519}. */
    STANDARD,
    RSA2_FORM,
    MD5_FORM,
    HMAC_HEX;

    /** A verifier with the keys of this dialect. */
    public WebhookVerifier verifier(
            List<String> keys, String signatureHeader, Duration tolerance, InstantSource clock) {
        String[] all = keys.toArray(String[]::new);
        return switch (this) {
            case STANDARD -> new WebhookVerifier(keys, tolerance, clock);
            case RSA2_FORM -> WebhookVerifier.rsa2Form(all);
            case MD5_FORM -> WebhookVerifier.md5Form(all);
            case HMAC_HEX -> WebhookVerifier.hmacHex(signatureHeader, all);
        };
    }
}
