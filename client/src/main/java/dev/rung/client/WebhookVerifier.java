package dev.rung.client;

import dev.rung.client.WebhookRejectedException.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures of notifications: Standard Webhooks 1.0.0, {@code v1} and {@code v1a}. Thread-safe; needs only the JDK.
 *
 * <p>Pass the raw bytes of the body, because parsed and re-serialized JSON has another signature. A verified notification may still be a
 * repetition; see {@link OncePerWebhook}.
 */
public final class WebhookVerifier {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final List<Key> keys;
    private final Duration tolerance;
    private final InstantSource clock;

    /**
     * Creates a verifier with keys {@code whsec_…} or {@code whpk_…}. During a rotation, pass the old and the new key.
     *
     * @throws IllegalArgumentException if a key is malformed; the message does not contain it
     */
    public WebhookVerifier(String... keys) {
        this(List.of(keys), TOLERANCE, InstantSource.system());
    }

    /**
     * Creates a verifier with a given tolerance and clock.
     *
     * @param tolerance maximum difference of the timestamp, in both directions
     */
    public WebhookVerifier(Collection<String> keys, Duration tolerance, InstantSource clock) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one key is required: whsec_… or whpk_…");
        }
        List<Key> read = new ArrayList<>();
        for (String key : keys) {
            read.add(read(key));
        }
        this.keys = List.copyOf(read);
        this.tolerance = tolerance;
        this.clock = clock;
    }

    /** A key that verifies signatures. */
    private interface Key {
        /** {@code v1} or {@code v1a}. */
        String version();

        boolean matches(byte[] metadata, byte[] body, byte[] signature) throws GeneralSecurityException;
    }

    private record Hmac(SecretKeySpec key) implements Key {
        @Override
        public String version() {
            return "v1";
        }

        @Override
        public boolean matches(byte[] metadata, byte[] body, byte[] signature) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(metadata);
            return MessageDigest.isEqual(mac.doFinal(body), signature);
        }
    }

    private record Ed25519(PublicKey key) implements Key {
        @Override
        public String version() {
            return "v1a";
        }

        @Override
        public boolean matches(byte[] metadata, byte[] body, byte[] signature) throws GeneralSecurityException {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(metadata);
            verifier.update(body);
            return verifier.verify(signature);
        }
    }

    private static Key read(String text) {
        try {
            if (text.startsWith("whsec_")) {
                byte[] secret = Base64.getDecoder().decode(text.substring("whsec_".length()));
                return new Hmac(new SecretKeySpec(secret, "HmacSHA256"));
            }
            if (text.startsWith("whpk_")) {
                return new Ed25519(ed25519(Base64.getDecoder().decode(text.substring("whpk_".length()))));
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Reported below without the cause, which would quote the key.
        }
        throw new IllegalArgumentException("a key must be whsec_ or whpk_ and base64 of its bytes");
    }

    /** RFC 8032, 5.1.2: 32 bytes, y little-endian, the highest bit says whether x is odd. */
    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != 32) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[32];
        for (int i = 0; i < 32; i++) {
            y[i] = point[31 - i];
        }
        boolean xIsOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xIsOdd, new BigInteger(1, y))));
    }

    /**
     * A verified notification.
     *
     * @param id the same for all attempts; identifies repetitions
     * @param sentAt when this attempt was signed, in whole seconds
     */
    public record Verified(String id, Instant sentAt) {}

    /**
     * Verifies a request.
     *
     * @param header returns a header by its lower-case name, or null: {@code request::getHeader} in a servlet
     * @param body the raw bytes
     * @throws WebhookRejectedException if no signature matches, or the timestamp is out of tolerance
     */
    public Verified verify(Function<String, @Nullable String> header, byte[] body) throws WebhookRejectedException {
        String id = header.apply("webhook-id");
        String timestamp = header.apply("webhook-timestamp");
        String signatures = header.apply("webhook-signature");
        if (id == null || timestamp == null || signatures == null) {
            throw new WebhookRejectedException(
                    Reason.UNSIGNED,
                    "one of the headers webhook-id, webhook-timestamp and webhook-signature is missing");
        }
        Instant sentAt = sentAt(timestamp);
        byte[] metadata = (id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8);
        if (!isSigned(metadata, body, signatures)) {
            throw new WebhookRejectedException(Reason.FORGED, "no signature matches");
        }
        return new Verified(id, sentAt);
    }

    private Instant sentAt(String timestamp) throws WebhookRejectedException {
        if (!timestamp.matches("\\d{1,12}")) {
            throw new WebhookRejectedException(Reason.STALE, "webhook-timestamp is not a number of seconds");
        }
        Instant sentAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
        Duration off = Duration.between(sentAt, clock.instant());
        if (off.abs().compareTo(tolerance) > 0) {
            throw new WebhookRejectedException(
                    Reason.STALE,
                    "webhook-timestamp is off by " + off.abs().toSeconds() + "s, more than the tolerance");
        }
        return sentAt;
    }

    private boolean isSigned(byte[] metadata, byte[] body, String signatures) {
        boolean signed = false;
        for (String each : signatures.split(" ", -1)) {
            int comma = each.indexOf(',');
            String version = comma < 0 ? "" : each.substring(0, comma);
            for (Key key : keys) {
                signed |= key.version().equals(version) && matches(key, metadata, body, each.substring(comma + 1));
            }
        }
        return signed;
    }

    private static boolean matches(Key key, byte[] metadata, byte[] body, String signature) {
        try {
            return key.matches(metadata, body, Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false; // malformed signature
        }
    }
}
