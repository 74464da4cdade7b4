package dev.rung.cli;

import dev.rung.client.WebhookRejectedException;
import dev.rung.client.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures of requests: Standard Webhooks v1 and v1a, and the RSA2 form, with the SDK's verifier.
 */
final class SignatureCheck {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String ED25519_X509_HEAD = "302a300506032b6570032100";
    private static final int ED25519_BYTES = 32;

    private static final String SECRET = "whsec_";
    private static final String PUBLIC = "whpk_";

    private final List<String> keys;
    private final @Nullable WebhookVerifier form;

    /** The result of a check. */
    enum Verdict {
        VERIFIED("verified"),
        NOT_SIGNED("not signed"),
        NO_KEY("no key to verify with"),
        WRONG("WRONG SIGNATURE"),
        STALE("TIMESTAMP OUT OF TOLERANCE");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** The checked parts of a request: the Standard Webhooks headers, if present, and the body. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(
            @Nullable String id,
            @Nullable String timestamp,
            @Nullable String signature,
            @Nullable String contentType,
            byte[] body) {
        @Nullable String header(String name) {
            return switch (name) {
                case "webhook-id" -> id;
                case "webhook-timestamp" -> timestamp;
                case "webhook-signature" -> signature;
                default -> null;
            };
        }
    }

    /**
     * @param secrets {@code whsec_…}, or bare base64
     * @param publicKey of the kind that the merchant's signatures need: Ed25519 or RSA
     * @throws IllegalArgumentException if a secret is invalid; the message does not contain it
     */
    SignatureCheck(List<String> secrets, @Nullable PublicKey publicKey) {
        this.form = publicKey instanceof RSAPublicKey key
                ? WebhookVerifier.rsa2Form(Base64.getEncoder().encodeToString(key.getEncoded()))
                : null;
        List<String> all = new ArrayList<>(
                secrets.stream().map(s -> s.startsWith(SECRET) ? s : SECRET + s).toList());
        if (publicKey instanceof EdECPublicKey key) {
            byte[] encoded = key.getEncoded();
            byte[] point = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
            all.add(PUBLIC + Base64.getEncoder().encodeToString(point));
        }
        this.keys = List.copyOf(all);
        if (!keys.isEmpty()) {
            new WebhookVerifier(keys, TOLERANCE, InstantSource.system());
        }
    }

    Verdict check(Request request, Instant now) {
        if (request.contentType() != null && request.contentType().startsWith("application/x-www-form-urlencoded")) {
            return checkForm(request);
        }
        if (request.signature() != null && !hasKeyFor(request.signature())) {
            return Verdict.NO_KEY;
        }
        if (keys.isEmpty()) {
            return Verdict.NOT_SIGNED;
        }
        return verdict(new WebhookVerifier(keys, TOLERANCE, InstantSource.fixed(now)), request);
    }

    private boolean hasKeyFor(String signatures) {
        return Stream.of(signatures.split(" ", -1))
                .anyMatch(each -> each.startsWith("v1,") && keys.stream().anyMatch(key -> key.startsWith(SECRET))
                        || each.startsWith("v1a,") && keys.stream().anyMatch(key -> key.startsWith(PUBLIC)));
    }

    private Verdict checkForm(Request request) {
        if (form == null) {
            return new String(request.body(), StandardCharsets.UTF_8).matches("(.*&)?sign=.*")
                    ? Verdict.NO_KEY
                    : Verdict.NOT_SIGNED;
        }
        return verdict(form, request);
    }

    private static Verdict verdict(WebhookVerifier verifier, Request request) {
        try {
            verifier.verify(request::header, request.body());
            return Verdict.VERIFIED;
        } catch (WebhookRejectedException e) {
            return switch (e.reason()) {
                case UNSIGNED -> Verdict.NOT_SIGNED;
                case STALE -> Verdict.STALE;
                case FORGED -> Verdict.WRONG;
            };
        }
    }

    /**
     * Reads a public key: {@code whpk_…} (Ed25519, 32 bytes), or base64 of an X.509 key, Ed25519 or RSA.
     *
     * @throws IllegalArgumentException if it is invalid
     */
    static PublicKey publicKey(String text) {
        byte[] bytes = base64(text.startsWith(PUBLIC) ? text.substring(PUBLIC.length()) : text);
        byte[] encoded =
                bytes.length == ED25519_BYTES ? concat(HexFormat.of().parseHex(ED25519_X509_HEAD), bytes) : bytes;
        for (String algorithm : List.of("Ed25519", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // Try the next algorithm.
            }
        }
        throw new IllegalArgumentException("is neither whpk_… nor a base64 X.509 public key");
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
