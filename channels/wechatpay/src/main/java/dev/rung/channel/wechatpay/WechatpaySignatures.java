package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.RsaKeys;
import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Signs requests, and verifies what comes back and what is called back: both are signed alike. Thread-safe. */
final class WechatpaySignatures {
    static final String SERIAL = "Wechatpay-Serial";

    /** What a signature is in, in lower case. */
    static final Set<String> HEADERS = Set.of(
            "wechatpay-timestamp",
            "wechatpay-nonce",
            "wechatpay-signature",
            "wechatpay-serial",
            "wechatpay-signature-type");

    private static final String SCHEMA = "WECHATPAY2-SHA256-RSA2048";
    private static final Duration SKEW_MAX = Duration.ofMinutes(5);

    /** WeChat Pay now and then sends a wrong signature that begins so, to see whether anybody looks. */
    private static final String PROBE = "WECHATPAY/SIGNTEST/";

    private static final int NONCE_BYTES = 24;

    private final WechatpayAccount account;
    private final InstantSource clock;
    private final RandomGenerator random;

    WechatpaySignatures(WechatpayAccount account, InstantSource clock, RandomGenerator random) {
        this.account = account;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The header {@code Authorization} of a request.
     *
     * @param target path and query as they stand in the request line
     */
    String authorization(String method, String target, byte[] body) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        byte[] text = lines(
                method.getBytes(UTF_8), target.getBytes(UTF_8), timestamp.getBytes(UTF_8), nonce.getBytes(UTF_8), body);
        return SCHEMA + " mchid=\"" + account.mchId() + "\",nonce_str=\"" + nonce + "\",signature=\""
                + RsaKeys.sign(account.privateKey(), text) + "\",timestamp=\"" + timestamp + "\",serial_no=\""
                + account.serialNo() + "\"";
    }

    /** By which of its keys WeChat Pay is asked to sign: a public key before a certificate, which ends some day. */
    String preferredSerial() {
        return account.verifiers().keySet().stream()
                .max(Comparator.comparing((String s) -> s.startsWith("PUB_KEY_ID_"))
                        .thenComparing(s -> s))
                .orElseThrow();
    }

    /**
     * Verifies what WeChat Pay signed: timestamp, nonce and body.
     *
     * @param header a header's first value by its name
     * @return what is wrong; empty if it is WeChat Pay's and of now
     */
    Optional<String> fault(Function<String, @Nullable String> header, byte[] body) {
        String timestamp = header.apply("Wechatpay-Timestamp");
        String nonce = header.apply("Wechatpay-Nonce");
        String signature = header.apply("Wechatpay-Signature");
        String serial = header.apply(SERIAL);
        String type = header.apply("Wechatpay-Signature-Type");
        if (timestamp == null || nonce == null || signature == null || serial == null) {
            return Optional.of("not signed");
        }
        if (type != null && !type.equals(SCHEMA)) {
            return Optional.of("signed in another way: " + type);
        }
        if (!isOfNow(timestamp)) {
            return Optional.of("signed at another time: " + timestamp);
        }
        PublicKey key = account.verifiers().get(serial);
        if (key == null) {
            return Optional.of("signed by a key that is not known here: " + serial);
        }
        if (!RsaKeys.verifies(key, lines(timestamp.getBytes(UTF_8), nonce.getBytes(UTF_8), body), signature)) {
            return Optional.of(
                    signature.startsWith(PROBE)
                            ? "signed wrong on purpose: WeChat Pay looks whether signatures are verified"
                            : "not signed by WeChat Pay's key");
        }
        return Optional.empty();
    }

    private boolean isOfNow(String timestamp) {
        if (!timestamp.matches("\\d{1,12}")) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
        return Duration.between(signed, clock.instant()).abs().compareTo(SKEW_MAX) < 0;
    }

    /** Each part on a line of its own, the last one, too. */
    private static byte[] lines(byte[]... parts) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            text.writeBytes(part);
            text.write('\n');
        }
        return text.toByteArray();
    }
}
