package dev.rung.client;

import dev.rung.client.WebhookRejectedException.Reason;
import dev.rung.client.WebhookVerifier.Verified;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Standard Webhooks 1.0.0: {@code v1} and {@code v1a}. */
final class StandardWebhooksDialect implements WebhookVerifier.Dialect {
    private final List<Key> keys;
    private final Duration tolerance;
    private final InstantSource clock;

    StandardWebhooksDialect(Collection<String> keys, Duration tolerance, InstantSource clock) {
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

    private static Key read(String text) {
        try {
            return VerificationKeys.isEd25519(text)
                    ? new Ed25519(VerificationKeys.ed25519(text))
                    : new Hmac(new SecretKeySpec(VerificationKeys.secret(text), "HmacSHA256"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key must be whsec_ or whpk_ and base64 of its bytes");
        }
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

    @Override
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
        return new Verified(id, sentAt, Map.of());
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
            return key.matches(metadata, body, VerificationKeys.base64(signature));
        } catch (GeneralSecurityException e) {
            return false; // malformed signature
        }
    }
}
