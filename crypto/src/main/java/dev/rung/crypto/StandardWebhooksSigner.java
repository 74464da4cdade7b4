package dev.rung.crypto;

import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.DialectKey;
import dev.rung.crypto.dialect.SigningDialect;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs by Standard Webhooks 1.0.0: {@code id.timestamp.payload}, as {@code v1} with HMAC-SHA256 or as {@code v1a} with
 * Ed25519. Thread-safe.
 */
final class StandardWebhooksSigner implements SigningDialect {
    @Override
    public String name() {
        return Signing.HMAC.text();
    }

    @Override
    public Optional<String> check(byte[] payload) {
        return Optional.empty();
    }

    @Override
    public Signed sign(Message m) {
        String signature = signature(m.keys(), m.id().toString(), m.now(), m.payload());
        return new Signed("application/json", m.payload(), Map.of("Webhook-Signature", signature));
    }

    /**
     * The value of {@code webhook-signature}: one signature, or several separated by spaces while keys rotate.
     *
     * @param id the value of {@code webhook-id}
     * @param now epoch milliseconds; the value of {@code webhook-timestamp} is its whole seconds
     */
    static String signature(List<? extends DialectKey> keys, String id, long now, byte[] payload) {
        byte[] metadata = (id + '.' + now / 1000 + '.').getBytes(StandardCharsets.US_ASCII);
        StringBuilder header = new StringBuilder(96);
        for (DialectKey key : keys) {
            String version = switch ((SigningKey) key) {
                case SigningKey.Hmac _ -> "v1,";
                case SigningKey.Ed25519 _ -> "v1a,";
                // An earlier key of Alipay's dialect does not belong in this header.
                case SigningKey.Rsa _ -> "";
            };
            if (!version.isEmpty()) {
                header.append(header.isEmpty() ? "" : " ")
                        .append(version)
                        .append(Base64.getEncoder().encodeToString(key.sign(metadata, payload)));
            }
        }
        return header.toString();
    }
}
