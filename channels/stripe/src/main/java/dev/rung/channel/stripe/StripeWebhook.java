package dev.rung.channel.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Verifies the header {@code Stripe-Signature}: {@code t=TIME,v1=SIGNATURE}, of which a rotated secret has several. */
final class StripeWebhook {
    static final String HEADER = "stripe-signature";

    private static final Duration SKEW_MAX = Duration.ofMinutes(5);

    private StripeWebhook() {}

    /** Why a body is not authentic; null if it is. */
    static @Nullable String fault(@Nullable String header, byte[] body, String secret, Instant now) {
        if (header == null) {
            return "not signed";
        }
        String time = null;
        List<String> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            if (part.strip().startsWith("t=")) {
                time = part.strip().substring(2);
            } else if (part.strip().startsWith("v1=")) {
                signatures.add(part.strip().substring(3));
            }
        }
        if (time == null || !time.matches("\\d{1,12}") || signatures.isEmpty()) {
            return "the signature is malformed";
        }
        if (Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now)
                        .abs()
                        .compareTo(SKEW_MAX)
                > 0) {
            return "the signature's timestamp is not recent: " + time;
        }
        byte[] expected = hmac(secret, time, body);
        return signatures.stream().anyMatch(signature -> matches(expected, signature))
                ? null
                : "not signed with the webhook's secret";
    }

    private static boolean matches(byte[] expected, String signature) {
        return MessageDigest.isEqual(HexFormat.of().formatHex(expected).getBytes(UTF_8), signature.getBytes(UTF_8));
    }

    private static byte[] hmac(String secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
