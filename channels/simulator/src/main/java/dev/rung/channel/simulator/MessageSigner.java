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
 * How one side signs what it says and verifies what the other says. Thread-safe.
 *
 * <p>The signature (ECDSA on P-256 with SHA-256, base64) is over what the message is about, the timestamp (epoch milliseconds), the nonce and the body, a line feed
 * between each. What it is about keeps a message from being passed off as another: {@code callback}, {@code place}, or {@code answer}
 * with the question's nonce and the status.
 */
final class MessageSigner {
    static final String TIMESTAMP = "simulator-timestamp";
    static final String NONCE = "simulator-nonce";
    static final String SIGNATURE = "simulator-signature";

    static final Set<String> HEADERS = Set.of(TIMESTAMP, NONCE, SIGNATURE);

    /** How far the clocks of two houses may differ, and how long a message may be under way. */
    static final Duration SKEW_MAX = Duration.ofMinutes(5);

    /** What a callback is about. */
    static final String CALLBACK = "callback";

    /** Of those in the JDK the one that costs least: several are made and verified while a merchant waits for an answer. */
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

    /** What the answer to a question is about. */
    static String aboutAnswer(Map<String, String> questionHeaders, int status) {
        return "answer " + questionHeaders.get(NONCE) + " " + status;
    }

    /** The headers that go with a message. */
    Map<String, String> headers(String about, byte[] body) {
        String timestamp = Long.toString(clock.millis());
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getUrlEncoder().encodeToString(bytes);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(TIMESTAMP, timestamp);
        headers.put(NONCE, nonce);
        headers.put(SIGNATURE, sign(message(about, timestamp, nonce), body));
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
            throw new IllegalStateException("the simulator's key cannot sign", e);
        }
    }

    /**
     * Why a message is not to be believed; null: it is the other side's.
     *
     * @param header a header's value by its name, null if there is none
     */
    @Nullable String fault(String about, Function<String, @Nullable String> header, byte[] body) {
        String timestamp = header.apply(TIMESTAMP);
        String nonce = header.apply(NONCE);
        String signature = header.apply(SIGNATURE);
        if (timestamp == null || nonce == null || signature == null) {
            return "it is not signed";
        }
        if (!timestamp.matches("\\d{1,15}") || nonce.length() > HEADER_LENGTH_MAX) {
            return "its timestamp or nonce is malformed";
        }
        if (Math.abs(clock.millis() - Long.parseLong(timestamp)) > SKEW_MAX.toMillis()) {
            return "its timestamp is more than " + SKEW_MAX.toMinutes() + " minutes from now";
        }
        return verifies(message(about, timestamp, nonce), body, signature) ? null : "its signature is wrong";
    }

    private boolean verifies(byte[] message, byte[] body, String signatureBase64) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(other);
            signature.update(message);
            signature.update(body);
            return signature.verify(Base64.getDecoder().decode(signatureBase64));
        } catch (IllegalArgumentException | SignatureException e) {
            return false; // not base64, or no such signature
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the simulator's key cannot verify", e);
        }
    }

    private static byte[] message(String about, String timestamp, String nonce) {
        return (about + "\n" + timestamp + "\n" + nonce + "\n").getBytes(UTF_8);
    }
}
