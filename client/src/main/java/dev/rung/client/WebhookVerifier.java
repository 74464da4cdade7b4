package dev.rung.client;

import dev.rung.client.WebhookRejectedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures of notifications, in the dialect of the merchant's {@code signing}. Thread-safe; needs only the JDK.
 *
 * <p>Pass the raw bytes of the body, because parsed and re-serialized JSON has another signature. A verified notification may still be a
 * repetition; see {@link OncePerWebhook}.
 */
public final class WebhookVerifier {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final Dialect dialect;

    /**
     * Creates a verifier of Standard Webhooks 1.0.0: {@code v1} for keys {@code whsec_…}, {@code v1a} for keys {@code whpk_…}. During a rotation,
     * pass the old and the new key.
     *
     * @throws IllegalArgumentException if a key is malformed; the message does not contain it
     */
    public WebhookVerifier(String... keys) {
        this(List.of(keys), TOLERANCE, InstantSource.system());
    }

    /**
     * Creates a verifier of Standard Webhooks with a given tolerance and clock.
     *
     * @param tolerance maximum difference of the timestamp, in both directions
     */
    public WebhookVerifier(Collection<String> keys, Duration tolerance, InstantSource clock) {
        this(new StandardWebhooksDialect(keys, tolerance, clock));
    }

    private WebhookVerifier(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Creates a verifier of {@code rsa2-form}, Alipay's dialect. Its signature has no time, so that only the id shows a repetition.
     *
     * @param publicKeys RSA keys as the API returns them, X.509 in base64, or as PEM
     * @throws IllegalArgumentException if a key is malformed
     */
    public static WebhookVerifier rsa2Form(String... publicKeys) {
        return new WebhookVerifier(FormDialect.rsa2(List.of(publicKeys)));
    }

    /**
     * Creates a verifier of {@code md5-form}. Its signature has no time, so that only the id shows a repetition.
     *
     * @param secrets {@code whsec_…}
     * @throws IllegalArgumentException if a secret is malformed; the message does not contain it
     */
    public static WebhookVerifier md5Form(String... secrets) {
        return new WebhookVerifier(FormDialect.md5(List.of(secrets)));
    }

    /**
     * Creates a verifier of {@code hmac-hex}. Its signature covers the body alone: neither a time nor {@code webhook-id}. De-duplicate by something in
     * the body if others can reach the receiver's address.
     *
     * @param signatureHeader the merchant's {@code signature_header}, by default {@code X-Signature}
     * @param secrets {@code whsec_…}
     * @throws IllegalArgumentException if a secret is malformed; the message does not contain it
     */
    public static WebhookVerifier hmacHex(String signatureHeader, String... secrets) {
        return new WebhookVerifier(new HmacHexDialect(signatureHeader, List.of(secrets)));
    }

    /**
     * A verified notification.
     *
     * @param id the same for all attempts; identifies repetitions
     * @param sentAt when this attempt was signed, in whole seconds; null if the dialect does not sign a time
     * @param fields of a form, decoded, without its signature; empty for JSON
     */
    public record Verified(String id, @Nullable Instant sentAt, Map<String, String> fields) {
        public Verified {
            fields = Map.copyOf(fields);
        }
    }

    /** A way to sign requests. */
    interface Dialect {
        Verified verify(Function<String, @Nullable String> header, byte[] body) throws WebhookRejectedException;
    }

    /**
     * Verifies a request.
     *
     * @param header returns a header by its name, in any case, or null: {@code request::getHeader} in a servlet
     * @param body the raw bytes
     * @throws WebhookRejectedException if no signature matches, or the timestamp is out of tolerance
     */
    public Verified verify(Function<String, @Nullable String> header, byte[] body) throws WebhookRejectedException {
        return dialect.verify(header, body);
    }

    /** The id of a dialect that does not sign one. */
    static String id(Function<String, @Nullable String> header) throws WebhookRejectedException {
        String id = header.apply("webhook-id");
        if (id == null || id.isEmpty()) {
            throw new WebhookRejectedException(Reason.UNSIGNED, "the header webhook-id is missing");
        }
        return id;
    }
}
