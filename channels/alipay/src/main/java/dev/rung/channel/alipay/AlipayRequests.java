package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.RsaKeys;
import dev.rung.core.model.MerchantId;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.InstantSource;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes signed requests: common parameters in the query, {@code biz_content} in the body, as Alipay's SDK does. */
final class AlipayRequests {
    private static final String CONTENT_TYPE = "application/x-www-form-urlencoded;charset=utf-8";

    private final AlipayAccount account;
    private final InstantSource clock;
    private final Function<MerchantId, Optional<String>> ofMerchants;

    /**
     * Creates them.
     *
     * @param ofMerchants the {@code app_auth_token} of a merchant that has its own
     */
    AlipayRequests(AlipayAccount account, InstantSource clock, Function<MerchantId, Optional<String>> ofMerchants) {
        this.account = account;
        this.clock = clock;
        this.ofMerchants = ofMerchants;
    }

    /** Whether a merchant has an {@code app_auth_token} of its own. */
    boolean hasOwnToken(MerchantId merchant) {
        return ofMerchants.apply(merchant).isPresent();
    }

    /** The merchant's own, or the account's. */
    private @Nullable String appAuthToken(@Nullable MerchantId merchant) {
        return merchant == null
                ? account.appAuthToken()
                : ofMerchants.apply(merchant).orElse(account.appAuthToken());
    }

    /**
     * A call to the gateway.
     *
     * @param merchant whom it is made for; null: for the account
     */
    HttpRequest post(String method, byte[] bizContent, @Nullable URI notifyUrl, @Nullable MerchantId merchant) {
        NavigableMap<String, String> fields = signed(method, bizContent, notifyUrl, null, merchant);
        String content = "biz_content=" + URLEncoder.encode(String.valueOf(fields.remove("biz_content")), UTF_8);
        return HttpRequest.newBuilder(URI.create(account.gateway() + "?" + SignedFields.form(fields)))
                .header("content-type", CONTENT_TYPE)
                .POST(BodyPublishers.ofString(content))
                .build();
    }

    /**
     * The same request as a URL for the payer's browser.
     *
     * @param returnUrl where the browser goes afterwards
     */
    String page(String method, byte[] bizContent, URI notifyUrl, @Nullable String returnUrl, MerchantId merchant) {
        return account.gateway() + "?" + SignedFields.form(signed(method, bizContent, notifyUrl, returnUrl, merchant));
    }

    /** The same request as a text that an app hands to Alipay's SDK. */
    String orderText(String method, byte[] bizContent, URI notifyUrl, MerchantId merchant) {
        return SignedFields.form(signed(method, bizContent, notifyUrl, null, merchant));
    }

    private NavigableMap<String, String> signed(
            String method,
            byte[] bizContent,
            @Nullable URI notifyUrl,
            @Nullable String returnUrl,
            @Nullable MerchantId merchant) {
        NavigableMap<String, String> fields = new TreeMap<>();
        fields.put("app_id", account.appId());
        fields.put("method", method);
        fields.put("format", "JSON");
        fields.put("charset", "utf-8");
        fields.put("sign_type", "RSA2");
        fields.put("timestamp", AlipayTime.text(clock.instant()));
        fields.put("version", "1.0");
        account.certificates().ifPresent(certificates -> {
            fields.put("app_cert_sn", certificates.appSn());
            fields.put("alipay_root_cert_sn", certificates.rootSn());
        });
        fields.put("biz_content", new String(bizContent, UTF_8));
        if (notifyUrl != null) {
            fields.put("notify_url", notifyUrl.toString());
        }
        if (returnUrl != null) {
            fields.put("return_url", returnUrl);
        }
        String token = appAuthToken(merchant);
        if (token != null) {
            fields.put("app_auth_token", token);
        }
        fields.put("sign", RsaKeys.sign(account.privateKey(), SignedFields.text(fields)));
        return fields;
    }
}
