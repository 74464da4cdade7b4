package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Signs requests and verifies responses and notifications, which use the same signature. Thread-safe. */
final class WechatpaySignatures {
    static final String SERIAL = "Wechatpay-Serial";

    /** The headers of a signature, in lower case. */
    static final Set<String> HEADERS = Set.of(
            "wechatpay-timestamp",
            "wechatpay-nonce",
            "wechatpay-signature",
            "wechatpay-serial",
            "wechatpay-signature-type");

    private static final String SCHEMA = "WECHATPAY2-SHA256-RSA2048";
    private static final Duration SKEW_MAX = Duration.ofMinutes(5);

    /** Prefix of the invalid signatures that WeChat Pay sends at times to check that merchants verify them. */
    private static final String PROBE = "WECHATPAY/SIGNTEST/";

    private static final String UNKNOWN = "signed with an unknown key: ";
    private static final int SERIAL_SHOWN_MAX = 64;
    private static final int NONCE_BYTES = 24;

    private final WechatpayAccount account;
    private final WechatpayKeys keys;
    private final InstantSource clock;
    private final RandomGenerator random;

    WechatpaySignatures(WechatpayAccount account, WechatpayKeys keys, InstantSource clock, RandomGenerator random) {
        this.account = account;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The value of {@code Authorization} for a request.
     *
     * @param target path and query as in the request line
     */
    String authorization(String method, String target, byte[] body) {
        String nonce = nonce();
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        byte[] text = lines(
                method.getBytes(UTF_8), target.getBytes(UTF_8), timestamp.getBytes(UTF_8), nonce.getBytes(UTF_8), body);
        return SCHEMA + " mchid=\"" + account.mchId() + "\",nonce_str=\"" + nonce + "\",signature=\""
                + RsaKeys.sign(account.privateKey(), text) + "\",timestamp=\"" + timestamp + "\",serial_no=\""
                + account.serialNo() + "\"";
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The JSON object that a page inside WeChat, or a mini-program, pays a prepared order with.
     *
     * @param appId of the page or mini-program
     */
    String jsapi(String appId, String prepayId) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        String nonce = nonce();
        String prepared = "prepay_id=" + prepayId;
        String signature = clientSignature(appId, timestamp, nonce, prepared);
        return params(json -> {
            json.writeStringProperty("appId", appId);
            json.writeStringProperty("timeStamp", timestamp);
            json.writeStringProperty("nonceStr", nonce);
            json.writeStringProperty("package", prepared);
            json.writeStringProperty("signType", "RSA");
            json.writeStringProperty("paySign", signature);
        });
    }

    /** The JSON object that an app pays a prepared order with. */
    String app(String appId, String prepayId) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        String nonce = nonce();
        String signature = clientSignature(appId, timestamp, nonce, prepayId);
        return params(json -> {
            json.writeStringProperty("appid", appId);
            json.writeStringProperty("partnerid", account.mchId());
            json.writeStringProperty("prepayid", prepayId);
            json.writeStringProperty("package", "Sign=WXPay");
            json.writeStringProperty("noncestr", nonce);
            json.writeStringProperty("timestamp", timestamp);
            json.writeStringProperty("sign", signature);
        });
    }

    private String clientSignature(String appId, String timestamp, String nonce, String prepared) {
        return RsaKeys.sign(
                account.privateKey(),
                lines(
                        appId.getBytes(UTF_8),
                        timestamp.getBytes(UTF_8),
                        nonce.getBytes(UTF_8),
                        prepared.getBytes(UTF_8)));
    }

    private static String params(Consumer<JsonGenerator> members) {
        return new String(JsonObject.write(members), UTF_8);
    }

    /**
     * Verifies WeChat Pay's signature of timestamp, nonce and body.
     *
     * @param header returns a header's first value
     * @param deadline for fetching a certificate that is not known yet
     * @return the error; empty if the signature is valid and recent
     */
    Optional<String> fault(Function<String, @Nullable String> header, byte[] body, Deadline deadline) {
        return fault(header, body, clock.instant(), serial -> keys.find(serial, deadline))
                .map(fault -> fault.startsWith(UNKNOWN)
                        ? keys.fault()
                                .map(why -> fault + "; WeChat Pay's certificates could not be fetched: " + why)
                                .orElse(fault)
                        : fault);
    }

    /** The same by other keys. */
    static Optional<String> fault(
            Function<String, @Nullable String> header,
            byte[] body,
            Instant now,
            Function<String, Optional<WechatpayAccount.Verifier>> keys) {
        String timestamp = header.apply("Wechatpay-Timestamp");
        String nonce = header.apply("Wechatpay-Nonce");
        String signature = header.apply("Wechatpay-Signature");
        String serial = header.apply(SERIAL);
        String type = header.apply("Wechatpay-Signature-Type");
        if (timestamp == null || nonce == null || signature == null || serial == null) {
            return Optional.of("not signed");
        }
        if (type != null && !type.equals(SCHEMA)) {
            return Optional.of("unsupported signature type: " + type);
        }
        if (!isRecent(timestamp, now)) {
            return Optional.of("the signature's timestamp is not recent: " + timestamp);
        }
        WechatpayAccount.Verifier verifier = keys.apply(serial).orElse(null);
        if (verifier == null) {
            return Optional.of(UNKNOWN + TextLimits.truncate(serial, SERIAL_SHOWN_MAX));
        }
        if (verifier.isExpired(now)) {
            return Optional.of(
                    "signed with a certificate that expired at " + verifier.expiresAt() + ": " + verifier.serial());
        }
        if (!RsaKeys.verifies(
                verifier.key(), lines(timestamp.getBytes(UTF_8), nonce.getBytes(UTF_8), body), signature)) {
            return Optional.of(
                    signature.startsWith(PROBE)
                            ? "deliberately invalid signature: WeChat Pay checks that signatures are verified"
                            : "not signed by WeChat Pay's key");
        }
        return Optional.empty();
    }

    private static boolean isRecent(String timestamp, Instant now) {
        if (!timestamp.matches("\\d{1,12}")) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
        return Duration.between(signed, now).abs().compareTo(SKEW_MAX) < 0;
    }

    /** Each part followed by a line feed. */
    private static byte[] lines(byte[]... parts) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            text.writeBytes(part);
            text.write('\n');
        }
        return text.toByteArray();
    }
}
