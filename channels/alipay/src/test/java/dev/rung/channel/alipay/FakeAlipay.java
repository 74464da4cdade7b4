package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.alipay.api.AlipayApiException;
import com.alipay.api.internal.util.AlipaySignature;
import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.Orders;
import dev.rung.core.model.MerchantId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.security.KeyPair;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Alipay on this machine, with keys of its own; what it signs and verifies is signed and verified by Alipay's SDK. */
final class FakeAlipay implements AutoCloseable {
    static final String APP = "2021000000000001";
    static final String SELLER = "2088102146225135";

    /** For accounts without certificates, which keep nothing. */
    static final KeptFile NO_FILE = new KeptFile(
            () -> {
                throw new AssertionError("the public-key mode keeps no certificates");
            },
            "certificates.pem");

    /** No merchant has a token of its own. */
    static final Function<MerchantId, Optional<String>> NO_TOKENS = merchant -> Optional.empty();

    static final KeyPair APP_KEYS = Orders.rsa();
    static final KeyPair ALIPAY_KEYS = Orders.rsa();

    final FakeGateway gateway = new FakeGateway();
    private final Map<String, String> responses = new HashMap<>();

    FakeAlipay() {
        gateway.behave(this::answer);
    }

    AlipayAccount account(AlipayAccount.Mode mode) {
        return new AlipayAccount(
                "alipay",
                APP,
                SELLER,
                APP_KEYS.getPrivate(),
                null,
                new AlipayAccount.Trust.Key(ALIPAY_KEYS.getPublic()),
                mode,
                gateway.url().resolve("/gateway.do"));
    }

    /** The members of such an account. */
    Map<String, String> members() {
        return Map.of(
                "app_id",
                APP,
                "seller_id",
                SELLER,
                "private_key",
                appPrivateKey(),
                "public_key",
                alipayPublicKey(),
                "gateway",
                gateway.url() + "/gateway.do");
    }

    static String appPrivateKey() {
        return base64(APP_KEYS.getPrivate().getEncoded());
    }

    static String appPublicKey() {
        return base64(APP_KEYS.getPublic().getEncoded());
    }

    static String alipayPublicKey() {
        return base64(ALIPAY_KEYS.getPublic().getEncoded());
    }

    private static String base64(byte[] der) {
        return Base64.getEncoder().encodeToString(der);
    }

    /** From now on this method is answered so. */
    void respond(String method, String response) {
        responses.put(method, response);
    }

    /** Anything that is not signed by the app's key, as the SDK sees it, gets what Alipay says to that. */
    private Said answer(Asked request) {
        Map<String, String> fields = fields(request);
        String method = fields.get("method");
        if (!signed(fields)) {
            return said(
                    "{\"error_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\",\"sub_code\":\"isv.invalid-signature\"}}");
        }
        String response = responses.get(method);
        return response == null ? new Said(404, Map.of(), new byte[0]) : said(envelope(method, response));
    }

    /** What it says to a request that it cannot attribute to an app. */
    static Said refused(String code, String words) {
        return said("{\"error_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\",\"sub_code\":\"" + code
                + "\",\"sub_msg\":\"" + words + "\"}}");
    }

    static Said said(String body) {
        return new Said(200, Map.of("content-type", "text/html;charset=utf-8"), body.getBytes(UTF_8));
    }

    static Map<String, String> fields(Asked request) {
        return parse(request.target().getRawQuery() + "&" + new String(request.body(), UTF_8));
    }

    static Map<String, String> parse(String form) {
        return parse(form, UTF_8);
    }

    static Map<String, String> parse(String form, Charset charset) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : form.split("&", -1)) {
            int equals = field.indexOf('=');
            fields.put(
                    URLDecoder.decode(field.substring(0, equals), charset),
                    URLDecoder.decode(field.substring(equals + 1), charset));
        }
        return fields;
    }

    /** Whether the SDK takes them for signed by the app. */
    static boolean signed(Map<String, String> fields) {
        try {
            return AlipaySignature.rsaCheckV2(new HashMap<>(fields), appPublicKey(), "utf-8", "RSA2");
        } catch (AlipayApiException e) {
            return false;
        }
    }

    /** A response as Alipay sends it, signed by the SDK. */
    static String envelope(String method, String response) {
        return "{\"" + method.replace('.', '_') + "_response\":" + response + ",\"sign\":\"" + sign(response) + "\"}";
    }

    /** A response in the certificate mode. */
    static String envelope(String method, String response, String certSn, KeyPair keys) {
        return "{\"" + method.replace('.', '_') + "_response\":" + response + ",\"alipay_cert_sn\":\"" + certSn
                + "\",\"sign\":\"" + sign(response, UTF_8, keys) + "\"}";
    }

    /** An asynchronous notification's body, signed by the SDK. */
    static String notification(Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("sign", sign(AlipaySignature.getSignCheckContentV1(new TreeMap<>(fields))));
        all.put("sign_type", "RSA2");
        return SignedFields.form(all);
    }

    /** The same in another charset. */
    static String notification(Map<String, String> fields, Charset charset) {
        return notification(fields, charset, ALIPAY_KEYS);
    }

    /** The same, signed with these keys. */
    static String notification(Map<String, String> fields, Charset charset, KeyPair keys) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("sign", sign(AlipaySignature.getSignCheckContentV1(new TreeMap<>(fields)), charset, keys));
        all.put("sign_type", "RSA2");
        return all.entrySet().stream()
                .map(f -> URLEncoder.encode(f.getKey(), charset) + "=" + URLEncoder.encode(f.getValue(), charset))
                .collect(Collectors.joining("&"));
    }

    private static String sign(String text) {
        return sign(text, UTF_8, ALIPAY_KEYS);
    }

    private static String sign(String text, Charset charset, KeyPair keys) {
        try {
            return AlipaySignature.rsaSign(text, base64(keys.getPrivate().getEncoded()), charset.name(), "RSA2");
        } catch (AlipayApiException e) {
            throw new IllegalStateException(e);
        }
    }

    static String json(Map<String, String> members) {
        return members.entrySet().stream()
                .map(m -> "\"" + m.getKey() + "\":\"" + m.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public void close() {
        gateway.close();
    }
}
