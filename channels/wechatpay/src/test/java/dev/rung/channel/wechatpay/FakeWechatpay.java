package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.gateway.RsaKeys;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** WeChat Pay on this machine, with keys of its own. That it signs and checks as WeChat Pay does is shown by the SDK talking to it. */
public final class FakeWechatpay implements AutoCloseable {
    public static final String APP = "wxd678efh567hg6787";
    public static final String MERCHANT = "1900000109";
    public static final String MERCHANT_SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
    public static final String KEY_ID = "PUB_KEY_ID_0000000000000024101100397200000006";
    static final String CERTIFICATE_SERIAL = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C";
    public static final String API_V3_KEY = "0123456789abcdef0123456789ABCDEF";

    /** Nothing is kept in it. */
    static final KeptFile NO_FILE = new KeptFile(() -> Path.of("no", "folder"), "certificates.json");

    public static final KeyPair MERCHANT_KEYS = Orders.rsa();
    public static final KeyPair PLATFORM_KEYS = Orders.rsa();
    static final KeyPair CERTIFICATE_KEYS = Orders.rsa();

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"([^\"]+)\","
                    + "nonce_str=\"([^\"]+)\",(?:signature=\"([^\"]+)\",)?timestamp=\"(\\d+)\",serial_no=\"([^\"]+)\"(?:,signature=\"([^\"]+)\")?");

    public final FakeGateway gateway = new FakeGateway();
    private final InstantSource clock;
    private final Map<String, Said> answers = new HashMap<>();
    private String signer = KEY_ID;
    private KeyPair signerKeys = PLATFORM_KEYS;

    public FakeWechatpay(InstantSource clock) {
        this.clock = clock;
        gateway.behave(this::answer);
    }

    WechatpayAccount account() {
        return new WechatpayAccount(
                "wechatpay",
                APP,
                MERCHANT,
                MERCHANT_SERIAL,
                MERCHANT_KEYS.getPrivate(),
                new SecretKeySpec(API_V3_KEY.getBytes(UTF_8), "AES"),
                List.of(
                        new WechatpayAccount.Verifier(KEY_ID, PLATFORM_KEYS.getPublic(), null),
                        new WechatpayAccount.Verifier(
                                CERTIFICATE_SERIAL,
                                CERTIFICATE_KEYS.getPublic(),
                                Instant.parse("2029-11-23T00:00:00Z"))),
                null,
                gateway.url());
    }

    /** The members of such an account. */
    Map<String, String> members() {
        return Map.of(
                "app_id", APP,
                "mch_id", MERCHANT,
                "serial_no", MERCHANT_SERIAL,
                "private_key",
                        Base64.getEncoder()
                                .encodeToString(MERCHANT_KEYS.getPrivate().getEncoded()),
                "api_v3_key", API_V3_KEY,
                "public_key_id", KEY_ID,
                "public_key",
                        Base64.getEncoder()
                                .encodeToString(PLATFORM_KEYS.getPublic().getEncoded()),
                "gateway", gateway.url().toString());
    }

    /** From now on a request such as {@code POST /v3/pay/transactions/native} is answered so, signed. */
    public void respond(String line, int status, String body) {
        answers.put(line, new Said(status, Map.of(), body.getBytes(UTF_8)));
    }

    /** From now on its answers are signed so. */
    void signWith(String serial, KeyPair keys) {
        signer = serial;
        signerKeys = keys;
    }

    /** From now on these are its platform certificates. */
    void offer(X509Certificate... certificates) {
        respond(
                "GET /v3/certificates",
                200,
                Stream.of(certificates)
                        .map(certificate -> "{\"serial_no\":\"" + RsaKeys.serial(certificate.getSerialNumber())
                                + "\",\"effective_time\":\"2026-06-08T10:34:56+08:00\",\"expire_time\":\""
                                + certificate.getNotAfter().toInstant()
                                + "\",\"encrypt_certificate\":{\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"fdasflkja484\","
                                + "\"associated_data\":\"transaction\",\"ciphertext\":\""
                                + seal(RsaKeys.pem(List.of(certificate)), API_V3_KEY) + "\"}}")
                        .collect(Collectors.joining(",", "{\"data\":[", "]}")));
    }

    /** From now on every request is answered so, without a signature. */
    void refuse(int status, String body) {
        gateway.behave(request -> new Said(status, Map.of(), body.getBytes(UTF_8)));
    }

    /** Requests whose signature is not the merchant's are answered as WeChat Pay does: 401, unsigned. */
    private Said answer(Asked request) {
        if (!isMerchants(request)) {
            return new Said(401, Map.of(), "{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\"}".getBytes(UTF_8));
        }
        String missing = request.target().toString().startsWith("/v3/pay/") ? "ORDER_NOT_EXIST" : "RESOURCE_NOT_EXISTS";
        Said said = answers.getOrDefault(
                request.method() + " " + request.target(),
                new Said(404, Map.of(), ("{\"code\":\"" + missing + "\",\"message\":\"?\"}").getBytes(UTF_8)));
        return new Said(said.status(), signed(said.body()), said.body());
    }

    static boolean isMerchants(Asked request) {
        Headers headers = request.headers();
        Matcher a = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!a.matches() || !a.group(1).equals(MERCHANT) || !a.group(5).equals(MERCHANT_SERIAL)) {
            return false;
        }
        String text = request.method() + "\n" + request.target() + "\n" + a.group(4) + "\n" + a.group(2) + "\n"
                + new String(request.body(), UTF_8) + "\n";
        return RsaKeys.verifies(
                MERCHANT_KEYS.getPublic(), text.getBytes(UTF_8), a.group(3) == null ? a.group(6) : a.group(3));
    }

    /** The headers of an answer or a notification with this body, by the public key's id. */
    public Map<String, String> signed(byte[] body) {
        return signed(body, clock.instant(), signer, signerKeys);
    }

    static Map<String, String> signed(byte[] body, Instant at, String serial, KeyPair keys) {
        String timestamp = Long.toString(at.getEpochSecond());
        String nonce = "d824f2e086d3c1df967785d13fcd22ef";
        String text = timestamp + "\n" + nonce + "\n" + new String(body, UTF_8) + "\n";
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Wechatpay-Timestamp", timestamp);
        headers.put("Wechatpay-Nonce", nonce);
        headers.put("Wechatpay-Serial", serial);
        headers.put("Wechatpay-Signature", RsaKeys.sign(keys.getPrivate(), text.getBytes(UTF_8)));
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        headers.put("Content-Type", "application/json; charset=utf-8");
        return headers;
    }

    /** A notification that carries this, sealed with this key. */
    public static String notification(String event, String resource, String key) {
        return "{\"id\":\"EV-2018022511223320873\",\"create_time\":\"2026-11-23T12:03:05+08:00\",\"resource_type\":\"encrypt-resource\","
                + "\"event_type\":\"" + event
                + "\",\"summary\":\"支付成功\",\"resource\":{\"original_type\":\"transaction\","
                + "\"algorithm\":\"AEAD_AES_256_GCM\",\"ciphertext\":\"" + seal(resource, key)
                + "\",\"associated_data\":\"transaction\",\"nonce\":\"fdasflkja484\"}}";
    }

    private static String seal(String text, String key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key.getBytes(UTF_8), "AES"),
                    new GCMParameterSpec(128, "fdasflkja484".getBytes(UTF_8)));
            cipher.updateAAD("transaction".getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transaction as queries and notifications carry it. */
    public static String transaction(String number, String state) {
        return "{\"appid\":\"" + APP + "\",\"mchid\":\"" + MERCHANT + "\",\"out_trade_no\":\"" + number
                + "\",\"transaction_id\":\"4200000001202611230001\",\"trade_type\":\"NATIVE\",\"trade_state\":\""
                + state
                + "\",\"trade_state_desc\":\"茶\",\"bank_type\":\"CMC\",\"attach\":\"\",\"success_time\":\"2026-11-23T12:03:04+08:00\","
                + "\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},"
                + "\"amount\":{\"total\":1230,\"payer_total\":1200,\"currency\":\"CNY\",\"payer_currency\":\"CNY\"}}";
    }

    /**
     * A refund as answers ({@code status}) and notifications ({@code refund_status}) carry it.
     *
     * @param status the name of the member that has the state
     */
    public static String refund(String order, String number, String status, String state, int amount) {
        return "{\"mchid\":\"" + MERCHANT + "\",\"refund_id\":\"50000000382019052709732678859\",\"out_refund_no\":\""
                + number + "\",\"transaction_id\":\"4200000001202611230001\",\"out_trade_no\":\"" + order
                + "\",\"channel\":\"ORIGINAL\",\"user_received_account\":\"招商银行信用卡0403\","
                + "\"success_time\":\"2026-11-23T12:08:04+08:00\",\"create_time\":\"2026-11-23T12:07:04+08:00\",\""
                + status + "\":\"" + state + "\",\"amount\":{\"total\":1230,\"refund\":" + amount
                + ",\"payer_total\":1200,\"payer_refund\":490,\"currency\":\"CNY\"}}";
    }

    @Override
    public void close() {
        gateway.close();
    }
}
