package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Signs the messages of one side and verifies those of the other. Thread-safe.
 *
 * <p>The signature (ECDSA on P-256 with SHA-256, base64) covers the message's purpose, the timestamp (epoch milliseconds), the nonce and
 * the body, separated by line feeds. The purpose prevents a message from being replayed as another kind: {@code callback}, {@code place},
 * or {@code answer} with the request's nonce and the status.
 */
final class MessageSigner {
    static final String TIMESTAMP = "simulator-timestamp";
    static final String NONCE = "simulator-nonce";
    static final String SIGNATURE = "simulator-signature";

    static final Set<String> HEADERS = Set.of(TIMESTAMP, NONCE, SIGNATURE);

    /** Tolerance for clock differences and transit time. */
    static final Duration SKEW_MAX = Duration.ofMinutes(5);

    /** The purpose of callbacks. */
    static final String CALLBACK = "callback";

    /** The fastest algorithm of the JDK: several signatures are created and verified while a merchant waits for a response. */
    private static final String ALGORITHM = "SHA256withECDSA";

    private static final int NONCE_BYTES = 18;
    private static final int HEADER_LENGTH_MAX = 256;

    private final PrivateKey own;
    private final PublicKey other;
    private final InstantSource clock;
    private final RandomGenerator random;

    MessageSigner(PrivateKey own, PublicKey other, InstantSource clock, RandomGenerator random) {
        this.own = own;
        this.other = other;
        this.clock = clock;
        this.random = random;
    }

    /** The purpose of the response to a request. */
    static String responsePurpose(Map<String, String> requestHeaders, int status) {
        return "answer " + requestHeaders.get(NONCE) + " " + status;
    }

    /** The signature headers for a message. */
    Map<String, String> headers(String purpose, byte[] body) {
        String timestamp = Long.toString(clock.millis());
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getUrlEncoder().encodeToString(bytes);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(TIMESTAMP, timestamp);
        headers.put(NONCE, nonce);
        headers.put(SIGNATURE, sign(message(purpose, timestamp, nonce), body));
        return headers;
    }

    private String sign(byte[] message, byte[] body) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(own);
            signature.update(message);
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with the simulator's key failed", e);
        }
    }

    /**
     * Why a message is not authentic; null if the other side signed it.
     *
     * @param header returns a header's value, null if absent
     */
    @Nullable String fault(String purpose, Function<String, @Nullable String> header, byte[] body) {
        String timestamp = header.apply(TIMESTAMP);
        String nonce = header.apply(NONCE);
        String signature = header.apply(SIGNATURE);
        if (timestamp == null || nonce == null || signature == null) {
            return "the signature is missing";
        }
        if (!timestamp.matches("\\d{1,15}") || nonce.length() > HEADER_LENGTH_MAX) {
            return "the timestamp or nonce is malformed";
        }
        if (Math.abs(clock.millis() - Long.parseLong(timestamp)) > SKEW_MAX.toMillis()) {
            return "the timestamp differs from now by more than " + SKEW_MAX.toMinutes() + " minutes";
        }
        return verifies(message(purpose, timestamp, nonce), body, signature) ? null : "the signature is wrong";
    }

    private boolean verifies(byte[] message, byte[] body, String signatureBase64) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(other);
            signature.update(message);
            signature.update(body);
            return signature.verify(Base64.getDecoder().decode(signatureBase64));
        } catch (IllegalArgumentException | SignatureException e) {
            return false; // not base64, or not a signature
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("verifying with the simulator's key failed", e);
        }
    }

    private static byte[] message(String purpose, String timestamp, String nonce) {
        return (purpose + "\n" + timestamp + "\n" + nonce + "\n").getBytes(UTF_8);
    }
}
