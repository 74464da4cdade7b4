package example.toybank;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 over a message's purpose and body, in hexadecimal; both sides share the key. Thread-safe. */
final class Signatures {
    /** The header with the signature. */
    static final String HEADER = "toybank-signature";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SECRET_BYTES = 32;

    private final SecretKeySpec key;

    Signatures(String secret) {
        this.key = new SecretKeySpec(secret.strip().getBytes(UTF_8), ALGORITHM);
    }

    static String newSecret(RandomGenerator random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Signs a message.
     *
     * @param about the purpose, which prevents replay as another kind: {@code callback}, or {@code answer} with the request's signature
     */
    String sign(String about, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(about.getBytes(UTF_8));
            mac.update((byte) '\n');
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK does not support " + ALGORITHM, e);
        }
    }

    boolean verifies(String about, byte[] body, @Nullable String signature) {
        return signature != null && MessageDigest.isEqual(sign(about, body).getBytes(UTF_8), signature.getBytes(UTF_8));
    }
}
