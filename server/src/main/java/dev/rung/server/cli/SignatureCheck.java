package dev.rung.server.cli;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a request is signed with a key that is known here: Standard Webhooks v1 and v1a, or Alipay's RSA2 form.
 * Source: the Standard Webhooks specification, "Signature scheme"; Alipay's notes on verifying asynchronous notifications.
 */
final class SignatureCheck {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String ED25519_X509_HEAD = "302a300506032b6570032100";
    private static final int ED25519_BYTES = 32;

    private final List<String> secrets;
    private final @Nullable PublicKey publicKey;

    /** What was found. */
    enum Verdict {
        VERIFIED("verified"),
        NOT_SIGNED("not signed"),
        NO_KEY("no key to check with"),
        WRONG("WRONG SIGNATURE"),
        STALE("TIMESTAMP TOO FAR OFF");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** What is checked: the headers of Standard Webhooks, where there are any, and the body. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
    record Request(
            @Nullable String id,
            @Nullable String timestamp,
            @Nullable String signature,
            @Nullable String contentType,
            byte[] body) {}

    /**
     * @param secrets {@code whsec_…}, or bare base64
     */
    SignatureCheck(List<String> secrets, @Nullable PublicKey publicKey) {
        this.secrets = List.copyOf(secrets);
        this.publicKey = publicKey;
    }

    Verdict check(Request request, Instant now) {
        if (request.contentType() != null && request.contentType().startsWith("application/x-www-form-urlencoded")) {
            return checkForm(new String(request.body(), StandardCharsets.UTF_8));
        }
        if (request.id() == null || request.timestamp() == null || request.signature() == null) {
            return Verdict.NOT_SIGNED;
        }
        if (!request.timestamp().matches("\\d{1,12}")
                || Duration.between(Instant.ofEpochSecond(Long.parseLong(request.timestamp())), now)
                                .abs()
                                .compareTo(TOLERANCE)
                        > 0) {
            return Verdict.STALE;
        }
        byte[] signed = concat(
                (request.id() + "." + request.timestamp() + ".").getBytes(StandardCharsets.UTF_8), request.body());
        boolean keyed = false;
        for (String part : request.signature().split(" ", -1)) {
            boolean symmetric = part.startsWith("v1,");
            boolean asymmetric = part.startsWith("v1a,") && publicKey != null;
            keyed |= symmetric && !secrets.isEmpty() || asymmetric;
            byte[] signature = base64(part.substring(part.indexOf(',') + 1));
            if (symmetric && secrets.stream().anyMatch(s -> MessageDigest.isEqual(hmac(s, signed), signature))
                    || asymmetric && verify("Ed25519", signed, signature)) {
                return Verdict.VERIFIED;
            }
        }
        return keyed ? Verdict.WRONG : Verdict.NO_KEY;
    }

    private Verdict checkForm(String form) {
        Map<String, String> fields = new TreeMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        String sign = fields.remove("sign");
        fields.remove("sign_type");
        if (sign == null) {
            return Verdict.NOT_SIGNED;
        }
        if (publicKey == null) {
            return Verdict.NO_KEY;
        }
        String signed = fields.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
        return verify("SHA256withRSA", signed.getBytes(StandardCharsets.UTF_8), base64(sign))
                ? Verdict.VERIFIED
                : Verdict.WRONG;
    }

    private boolean verify(String algorithm, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a key of the other kind, or bytes that are no signature
        }
    }

    private static byte[] hmac(String secret, byte[] signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = base64(secret.startsWith("whsec_") ? secret.substring("whsec_".length()) : secret);
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /**
     * Reads a public key: {@code whpk_…} (Ed25519, 32 bytes), or base64 of an X.509 key, Ed25519 or RSA.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PublicKey publicKey(String text) {
        byte[] bytes = base64(text.startsWith("whpk_") ? text.substring("whpk_".length()) : text);
        byte[] encoded =
                bytes.length == ED25519_BYTES ? concat(HexFormat.of().parseHex(ED25519_X509_HEAD), bytes) : bytes;
        for (String algorithm : List.of("Ed25519", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // It may be of the other kind.
            }
        }
        throw new IllegalArgumentException("is neither whpk_… nor the base64 of an X.509 public key");
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
