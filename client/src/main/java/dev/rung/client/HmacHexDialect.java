package dev.rung.client;

import dev.rung.client.WebhookRejectedException.Reason;
import dev.rung.client.WebhookVerifier.Verified;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** {@code hmac-hex}: HMAC-SHA256 of the body in lower-case hex, in a header. */
final class HmacHexDialect implements WebhookVerifier.Dialect {
    private final String header;
    private final List<SecretKeySpec> keys;

    HmacHexDialect(String header, List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("at least one secret is required");
        }
        this.header = header;
        this.keys = secrets.stream()
                .map(text -> new SecretKeySpec(VerificationKeys.secret(text), "HmacSHA256"))
                .toList();
    }

    @Override
    public Verified verify(Function<String, @Nullable String> headers, byte[] body) throws WebhookRejectedException {
        String signature = headers.apply(header);
        if (signature == null) {
            throw new WebhookRejectedException(Reason.UNSIGNED, "the header " + header + " is missing");
        }
        boolean signed = false;
        for (SecretKeySpec key : keys) {
            signed |= MessageDigest.isEqual(
                    HexFormat.of().formatHex(hmac(key, body)).getBytes(StandardCharsets.US_ASCII),
                    signature.getBytes(StandardCharsets.UTF_8));
        }
        if (!signed) {
            throw new WebhookRejectedException(Reason.FORGED, "no signature matches");
        }
        return new Verified(WebhookVerifier.id(headers), null, Map.of());
    }

    private static byte[] hmac(SecretKeySpec key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }
}
